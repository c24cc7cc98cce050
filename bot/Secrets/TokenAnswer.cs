namespace Notifier.Bot.Secrets;

/// <summary>What a platform says of a token when it is only asked, and nothing else is done.</summary>
internal abstract record TokenAnswer
{
    private TokenAnswer()
    {
    }

    /// <param name="As">The bot's name there.</param>
    public sealed record Taken(string As) : TokenAnswer;

    public sealed record Refused(string Reason) : TokenAnswer;

    /// <summary>The platform was not reached, or did not say.</summary>
    public sealed record Unknown(string Reason) : TokenAnswer;
}
