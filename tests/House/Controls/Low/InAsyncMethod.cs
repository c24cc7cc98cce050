namespace Notifier.Tests.House.Controls.Low;

internal static class InAsyncMethod
{
    public static async Task<int> StrayAsync()
    {
        await Task.Yield();
        return High.Upper.Number();
    }
}
