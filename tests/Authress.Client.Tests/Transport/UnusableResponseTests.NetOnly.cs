using System.IO.Compression;

namespace Authress.Client.Tests.Transport;

/// <summary>.NET Framework has no stream that packs these.</summary>
public partial class UnusableResponseTests
{
    [Fact]
    public Task A_small_Brotli_response_that_expands_to_a_huge_one_is_refused() =>
        IsRefusedAsync("br", packed => new BrotliStream(packed, CompressionLevel.Fastest));

    [Fact]
    public Task A_small_deflated_response_that_expands_to_a_huge_one_is_refused() =>
        IsRefusedAsync("deflate", packed => new ZLibStream(packed, CompressionLevel.Optimal));
}
