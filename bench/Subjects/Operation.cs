namespace Authress.Bench.Subjects;

/// <summary>The operations that a subject can be ordered to run.</summary>
internal enum Operation
{
    Get,
    Create,
    Delete,
    List,
}
