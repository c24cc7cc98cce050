using Notifier.Model;

namespace Notifier.Commands;

/// <summary>A line that somebody wrote in a chat.</summary>
/// <param name="UpdateId">The platform's id of the update: a second one with the same id is the same line.</param>
/// <param name="IsPrivate">The chat is between that person and Notifier, so that every line is meant for it.</param>
public sealed record IncomingCommand(string UpdateId, ChatAddress Chat, Person Person, string Line, bool IsPrivate);

/// <param name="Id">The platform's id, by which rights are asked for.</param>
public sealed record Person(string Id, string? Name);
