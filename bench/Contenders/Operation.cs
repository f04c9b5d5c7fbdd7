namespace Authress.Bench.Contenders;

/// <summary>What a contender can be told to do.</summary>
internal enum Operation
{
    Get,
    Create,
    Delete,
    List,
}
