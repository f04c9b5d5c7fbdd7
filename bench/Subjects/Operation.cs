namespace Authress.Bench.Subjects;

/// <summary>The operations of the subjects.</summary>
internal enum Operation
{
    Get,
    Create,
    Delete,
    List,
}
