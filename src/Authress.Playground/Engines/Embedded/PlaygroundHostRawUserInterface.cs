using System.Management.Automation;
using System.Management.Automation.Host;

namespace Authress.Playground.Engines.Embedded;

/// <summary>The console's size and cursor. What only a screen buffer can do is refused.</summary>
internal sealed class PlaygroundHostRawUserInterface : PSHostRawUserInterface
{
    /// <summary>Tall enough that nothing is paged where there is no window.</summary>
    private const int HeightWhenRedirected = 1000;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override Size BufferSize
    {
        get => new(ConsoleStreams.Width, Height);
        set => throw NotSupported();
    }

    public override Size WindowSize
    {
        get => BufferSize;
        set => throw NotSupported();
    }

    public override Size MaxPhysicalWindowSize => BufferSize;

    public override Size MaxWindowSize => BufferSize;

    public override Coordinates WindowPosition
    {
        get => new(0, 0);
        set => throw NotSupported();
    }

    public override Coordinates CursorPosition
    {
        get => Console.IsOutputRedirected ? new Coordinates(0, 0) : new Coordinates(Console.CursorLeft, Console.CursorTop);
        set => Console.SetCursorPosition(value.X, value.Y);
    }

    public override int CursorSize { get; set; } = 25;

    public override bool KeyAvailable => Console.KeyAvailable;

    public override string WindowTitle { get; set; } = "Authress playground";

    private static int Height => !Console.IsOutputRedirected && Console.WindowHeight > 0 ? Console.WindowHeight : HeightWhenRedirected;

    // Tables are laid out by these, and the base class takes every character for one cell.
    public override int LengthInBufferCells(string source) => LengthInBufferCells(source, 0);

    public override int LengthInBufferCells(string source, int offset) => source.Skip(offset).Sum(LengthInBufferCells);

    public override int LengthInBufferCells(char source) => IsWide(source) ? 2 : 1;

    public override void FlushInputBuffer()
    {
        while (ConsoleStreams.CanAsk && Console.KeyAvailable)
            Console.ReadKey(intercept: true);
    }

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        ConsoleKeyInfo key = Console.ReadKey(intercept: options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, default, keyDown: true);
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NotSupported();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw NotSupported();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NotSupported();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NotSupported();

    // East Asian wide and full-width characters. An emoji is two chars, of one cell each.
    private static bool IsWide(char character) => character
        is (>= '\u1100' and <= '\u115f') or '\u2329' or '\u232a'
        or (>= '\u2e80' and <= '\ua4cf' and not '\u303f') or (>= '\uac00' and <= '\ud7a3') or (>= '\uf900' and <= '\ufaff')
        or (>= '\ufe10' and <= '\ufe19') or (>= '\ufe30' and <= '\ufe6f') or (>= '\uff00' and <= '\uff60') or (>= '\uffe0' and <= '\uffe6');

    private static PSNotSupportedException NotSupported() => new("The playground's embedded engine has no screen buffer.");
}
