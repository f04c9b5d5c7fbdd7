using System.IO.Compression;

namespace Authress.Client.Tests.Transport;

/// <summary>.NET Framework has no stream that packs these.</summary>
public partial class UnusableAnswerTests
{
    [Fact]
    public Task A_small_answer_in_Brotli_that_unpacks_to_a_huge_one_is_broken_off_at_the_bound() =>
        IsBrokenOffAsync("br", packed => new BrotliStream(packed, CompressionLevel.Fastest));

    [Fact]
    public Task A_small_deflated_answer_that_unpacks_to_a_huge_one_is_broken_off_at_the_bound() =>
        IsBrokenOffAsync("deflate", packed => new ZLibStream(packed, CompressionLevel.Optimal));
}
