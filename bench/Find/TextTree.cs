using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Authress.Bench.Server;

namespace Authress.Bench.Find;

/// <summary>A tree of text files of a few KB to a few MB, with an access key in some of them.</summary>
/// <param name="Bytes">Their length.</param>
/// <param name="Files">How many.</param>
/// <param name="Keys">How many have a key.</param>
internal sealed record TextTree(long Bytes, int Files, int Keys)
{
    private const int CorpusLength = 32 * 1024 * 1024;
    private const int FilesOfFolder = 100;
    private const int FilesForKey = 50;

    private static readonly string[] TextFiles = [".cs", ".md", ".json", ".ps1", ".xml", ".txt", ".js", ".yml"];

    /// <summary>Writes a tree. It is the same each time, but for the keys.</summary>
    public static TextTree Write(DirectoryInfo folder, long bytes)
    {
        Random random = new(1);
        byte[] corpus = WriteCorpus(random);
        TextTree tree = new(0, 0, 0);
        string current = folder.FullName;
        while (tree.Bytes < bytes)
        {
            if (tree.Files % FilesOfFolder == 0)
                current = folder.CreateSubdirectory($"{tree.Files / FilesOfFolder / 10}/{tree.Files / FilesOfFolder}").FullName;

            // Many small files and a few large ones, as in a repository with logs.
            int length = (int)Math.Pow(2, 10 + (random.NextDouble() * 11));
            int start = random.Next(corpus.Length - length);
            using FileStream file = File.Create(Path.Combine(current, $"{tree.Files}.txt"));
            file.Write(corpus, start, length / 2);
            bool hasKey = tree.Files % FilesForKey == 0;
            if (hasKey)
                file.Write(Encoding.ASCII.GetBytes($"\nAUTHRESS_KEY={ThrowAwayKey.Create()}\n"));
            file.Write(corpus, start + (length / 2), length - (length / 2));
            tree = new TextTree(tree.Bytes + file.Length, tree.Files + 1, tree.Keys + (hasKey ? 1 : 0));
        }

        return tree;
    }

    // Lines of this repository, and of what is found in logs: base64 and tokens.
    private static byte[] WriteCorpus(Random random)
    {
        string[] lines = [.. Repository.TrackedFolders
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => TextFiles.Contains(Path.GetExtension(file)) && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines)];
        StringBuilder corpus = new(CorpusLength + 1024);
        while (corpus.Length < CorpusLength)
        {
            corpus.Append(lines[random.Next(lines.Length)]).Append('\n');
            if (random.Next(100) == 0)
                corpus.Append("\"data\": \"").Append(Convert.ToBase64String(RandomNumberGenerator.GetBytes(random.Next(1000)))).Append("\",\n");
            if (random.Next(200) == 0)
                corpus.Append("authorization: ").Append(Token()).Append('\n');
        }

        return Encoding.UTF8.GetBytes(corpus.ToString());
    }

    private static string Token() =>
        $"{Base64Url.EncodeToString("""{"alg":"RS256","typ":"at+jwt","kid":"1"}"""u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"iss":"https://login.example.com","sub":"{{Guid.NewGuid()}}","scope":"openid profile email"}"""))}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(256))}";
}
