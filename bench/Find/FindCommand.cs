using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation.Runspaces;
using Authress.Bench.StartUp;
using Command = System.CommandLine.Command;
using Engine = System.Management.Automation.PowerShell;

namespace Authress.Bench.Find;

/// <summary>Compares Find-AuthressAccessKey with grep -r over a tree of text.</summary>
internal static class FindCommand
{
    // Authress's published pattern, for any length of a private key.
    private const string Pattern = @"(sc|ext|scauth|authress)_[a-zA-Z0-9]{5,30}\.[a-zA-Z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[a-zA-Z0-9+/_=-]{30,120}";

    public static Command Create()
    {
        Option<int> megabytes = new("--megabytes") { Description = "How much text to search.", DefaultValueFactory = _ => 1024 };
        Option<int> rounds = new("--rounds") { Description = "How often to measure each. The figures are the medians.", DefaultValueFactory = _ => 5 };
        Command command = new("find", "Measures Find-AuthressAccessKey and grep -r with the same pattern over a tree of text, one after the other. Exits with 1 if the cmdlet is less than half as fast or misses a key.")
        {
            megabytes,
            rounds,
        };
        command.SetAction(arguments => Run(arguments.GetValue(megabytes), arguments.GetValue(rounds)));
        return command;
    }

    private static int Run(int megabytes, int rounds)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("authress-bench-");
        try
        {
            TextTree tree = TextTree.Write(folder, megabytes * 1024L * 1024);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tree.Bytes / 1024 / 1024:N0} MB in {tree.Files:N0} files, {tree.Keys} keys, {Environment.ProcessorCount} processors"));
            using Runspace session = RunspaceFactory.CreateRunspace(Session.State());
            session.Open();
            Invoke(session, $"Import-Module '{Repository.Module}'");

            // Once unmeasured: the files come into the cache, and the code is compiled.
            bool isComplete = Verify("grep", Grep(folder).Found, tree) & Verify("Find-AuthressAccessKey", Find(session, folder).Found, tree);
            List<double> grep = [];
            List<double> find = [];
            for (int round = 0; round < rounds; round++)
            {
                grep.Add(Grep(folder).Seconds);
                find.Add(Find(session, folder).Seconds);
            }

            double ratio = Median(grep) / Median(find);
            Show("grep -rIE", grep, tree);
            Show("Find-AuthressAccessKey", find, tree);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Find-AuthressAccessKey is {ratio:0.00} times as fast as grep"));
            return isComplete && ratio >= 0.5 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (double Seconds, int Found) Find(Runspace session, DirectoryInfo folder)
    {
        Stopwatch watch = Stopwatch.StartNew();
        int found = Invoke(session, $"Find-AuthressAccessKey -LiteralPath '{folder.FullName}'");
        return (watch.Elapsed.TotalSeconds, found);
    }

    private static (double Seconds, int Found) Grep(DirectoryInfo folder)
    {
        ProcessStartInfo start = new("grep", ["-rIEo", Pattern, folder.FullName]) { RedirectStandardOutput = true };

        // The fastest locale.
        start.Environment["LC_ALL"] = "C";
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        int found = 0;
        while (process.StandardOutput.ReadLine() is not null)
            found++;
        process.WaitForExit();
        return (watch.Elapsed.TotalSeconds, found);
    }

    private static int Invoke(Runspace session, string script)
    {
        using Engine engine = Engine.Create(session);
        int count = engine.AddScript(script).Invoke().Count;
        return engine.Streams.Error is [{ } error, ..] ? throw new InvalidOperationException(error.ToString()) : count;
    }

    private static bool Verify(string program, int found, TextTree tree)
    {
        if (found != tree.Keys)
            Console.WriteLine($"{program} found {found} of {tree.Keys} keys");
        return found == tree.Keys;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Show(string program, List<double> seconds, TextTree tree) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{program,-24}{Median(seconds),8:0.000} s{tree.Bytes / 1024.0 / 1024 / Median(seconds),10:N0} MB/s   ({string.Join(' ', seconds.Order().Select(value => value.ToString("0.000", CultureInfo.InvariantCulture)))})"));
}
