namespace Notifier.Tests.House.Controls.High;

/// <summary>What the controls of the floors' test must not use.</summary>
internal sealed class Upper
{
    public static int Number() => Environment.ProcessId;
}
