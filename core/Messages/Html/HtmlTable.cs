using AngleSharp.Dom;

namespace Notifier.Messages.Html;

/// <summary>Tells tables that compare things from those that only place them on the page.</summary>
internal static class HtmlTable
{
    private const int MaxColumns = 20;

    /// <summary>The table's own rows of cells, not those of tables inside it; empty rows are left out.</summary>
    public static List<List<IElement>> Rows(IElement table) =>
        [.. table.Children.SelectMany(child => child.LocalName == "tr" ? [child] : child.Children.Where(row => row.LocalName == "tr"))
            .Select(row => row.Children.Where(cell => cell.LocalName is "td" or "th").Take(MaxColumns).ToList())
            .Where(cells => cells.Count > 0)];

    /// <summary>Whether there is nothing to compare in rows or columns, or a cell holds more than a line.</summary>
    public static bool IsLayout(IElement table, List<List<IElement>> rows) =>
        rows.Count < 2 || rows.Max(cells => cells.Count) < 2 || table.QuerySelector("table, ul, ol, blockquote, pre, h1, h2, h3, img + p, p + p") is not null;
}
