namespace Notifier.Tests.Support.Fakes.Telegram;

/// <summary>How somebody stands to a chat, as the Bot API's <c>status</c> says it.</summary>
internal enum MemberStatus
{
    Left,
    Member,
    Restricted,
    Administrator,
    Creator,
    Kicked,
}

/// <summary>Somebody's standing in a chat with the rights that go with it. Rights of an administrator count for an administrator only.</summary>
internal sealed record Membership(MemberStatus Status)
{
    public static Membership Left { get; } = new(MemberStatus.Left);

    public static Membership Member { get; } = new(MemberStatus.Member);

    public bool IsAnonymous { get; init; }

    /// <summary>In channels: may post.</summary>
    public bool CanPostMessages { get; init; } = true;

    /// <summary>In channels: may edit the posts of others.</summary>
    public bool CanEditMessages { get; init; } = true;

    public bool CanDeleteMessages { get; init; } = true;

    public bool CanManageTopics { get; init; }

    public bool CanChangeInfo { get; init; } = true;

    public bool CanPromoteMembers { get; init; }

    /// <summary>Of somebody restricted: still in the chat.</summary>
    public bool StillIn { get; init; } = true;

    /// <summary>Of somebody restricted: may write.</summary>
    public bool CanSendMessages { get; init; }

    public bool IsIn => Status is MemberStatus.Member or MemberStatus.Administrator or MemberStatus.Creator || (Status is MemberStatus.Restricted && StillIn);

    public bool IsAdministrator => Status is MemberStatus.Administrator or MemberStatus.Creator;
}
