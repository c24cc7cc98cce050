namespace Notifier.Tests.House.Controls.Low;

internal static class InSignature
{
    public static bool Stray(List<High.Upper> uppers) => uppers.Count > 0;
}
