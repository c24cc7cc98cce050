namespace Notifier.Tests.House.Controls.Low;

internal static class InMethod
{
    public static int Stray() => High.Upper.Number();
}
