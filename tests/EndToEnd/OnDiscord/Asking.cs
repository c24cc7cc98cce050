using Notifier.Tests.Support.Fakes.Discord;

namespace Notifier.Tests.EndToEnd.OnDiscord;

/// <summary>People ask, and only they see the answers.</summary>
internal static class Asking
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<FakeMessage> AskAsync(this FakeUser who, FakeChannel where, string command, params (string Name, object Value)[] options) =>
        await AnswerAsync(await who.CommandAsync(where, command, options));

    /// <summary>Presses the button of that label.</summary>
    public static async Task<FakeMessage> ChooseAsync(this FakeUser who, FakeMessage message, string label) => await AnswerAsync(await message.PressAsync(who, label));

    public static async Task<FakeMessage> AnswerAsync(FakeInteraction interaction)
    {
        var answer = await interaction.AnswerAsync(ct: Stop);
        Assert.True(interaction.IsEphemeral, $"All can read the answer to {interaction}.");
        return answer;
    }
}
