namespace Notifier.Tests.House.Controls.Low;

internal static class InLambda
{
    public static IEnumerable<int> Stray(IEnumerable<int> numbers) => numbers.Select(number => number + High.Upper.Number());
}
