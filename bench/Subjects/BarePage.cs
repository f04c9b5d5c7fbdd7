namespace Authress.Bench.Subjects;

/// <summary>The minimal types of a list's page.</summary>
internal sealed record BarePage(List<BareClient> Clients, BarePagination? Pagination);

internal sealed record BarePagination(BareCursor? Next);

internal sealed record BareCursor(string? Cursor);
