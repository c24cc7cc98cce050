using System.Text.Json;
using Notifier.Tests.Support.Fakes.Contracts;

namespace Notifier.Tests.Fakes;

/// <summary>That the checker of Discord's contract finds what is wrong, and nothing in what is right.</summary>
public sealed class DiscordContractTests
{
    private const string Create = "POST /channels/{channel_id}/messages";

    [Theory]
    [InlineData("""{"content":"Hello"}""")]
    [InlineData("""{"content":"Hello","nonce":"1234","enforce_nonce":true,"allowed_mentions":{"parse":[]}}""")]
    [InlineData("""{"embeds":[{"title":"T","url":"https://a.test/","timestamp":"2026-01-02T03:04:05Z","fields":[{"name":"n","value":"v"}]}]}""")]
    [InlineData("""{"components":[{"type":1,"components":[{"type":2,"style":1,"label":"Undo","custom_id":"u"}]}],"content":null}""")]
    public void A_right_message_passes(string body) => Assert.Empty(Contract().CheckRequest(Create, Json(body)));

    [Theory]
    [InlineData("""{"contents":"Hello"}""", "body.contents: unknown field")]
    [InlineData("""{"content":5}""", "body.content: is number")]
    [InlineData("""{"content":"x","allowed_mentions":{"parse":["nobody"]}}""", "body.allowed_mentions.parse[0]")]
    [InlineData("""{"content":"x","allowed_mentions":{"prase":[]}}""", "body.allowed_mentions.prase: unknown field")]
    [InlineData("""{"embeds":[{"title":"T","colour":1}]}""", "body.embeds[0].colour: unknown field")]
    [InlineData("""{"embeds":[{"fields":[{"name":"n"}]}]}""", "body.embeds[0].fields[0].value: is missing")]
    [InlineData("""{"embeds":[{"timestamp":"yesterday"}]}""", "is no date-time")]
    [InlineData("""{"embeds":[{"color":16777216}]}""", "are more than 16777215")]
    [InlineData("""{"nonce":"12345678901234567890123456","content":"x"}""", "body.nonce")]
    [InlineData("""{"content":"x","message_reference":{"message_id":12345}}""", "must be string")]
    [InlineData("""{"components":[{"type":1,"components":[{"type":2,"style":9,"custom_id":"u"}]}]}""", "components[0].style")]
    [InlineData("""{"components":[{"type":1,"components":[{"type":2,"style":1,"custom_id":"u","callback":"x"}]}]}""", "components[0].callback: unknown field")]
    [InlineData("""{"components":[{"type":99}]}""", "is none of the kinds allowed here")]
    [InlineData("""[]""", "must be object")]
    public void A_wrong_message_is_told_where_it_is_wrong(string body, string expected) =>
        Assert.Contains(Contract().CheckRequest(Create, Json(body)), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void A_body_that_must_be_there_is_missed_and_one_too_many_is_found()
    {
        Assert.NotEmpty(Contract().CheckRequest(Create, null));
        Assert.NotEmpty(Contract().CheckRequest("GET /users/@me", Json("{}")));
        Assert.NotEmpty(Contract().CheckRequest("GET /users/@you", null));
    }

    [Fact]
    public void A_union_speaks_for_the_kind_that_was_meant()
    {
        const string callback = "POST /interactions/{interaction_id}/{interaction_token}/callback";
        Assert.Empty(Contract().CheckRequest(callback, Json("""{"type":5,"data":{"flags":64}}""")));
        Assert.Empty(Contract().CheckRequest(callback, Json("""{"type":8,"data":{"choices":[{"name":"a","value":"b"}]}}""")));
        Assert.Contains("body.data.ephemeral: unknown field", Contract().CheckRequest(callback, Json("""{"type":4,"data":{"content":"x","ephemeral":true}}""")));
    }

    [Fact]
    public void Commands_may_have_their_bits_as_a_string_though_the_document_says_otherwise()
    {
        const string commands = "PUT /applications/{application_id}/commands";
        Assert.Empty(Contract().CheckRequest(commands, Json("""[{"name":"a","description":"b","default_member_permissions":"32"}]""")));
        Assert.NotEmpty(Contract().CheckRequest(commands, Json("""[{"name":"a","description":"b","default_member_permissions":"manage"}]""")));
        Assert.NotEmpty(Contract().CheckRequest(commands, Json("""[{"name":"a","description":"b","options":[{"type":3,"name":"o"}]}]""")));
    }

    [Fact]
    public void A_query_is_checked_as_well()
    {
        const string list = "GET /channels/{channel_id}/messages";
        Assert.Empty(Contract().CheckQuery(list, [KeyValuePair.Create("limit", "50"), KeyValuePair.Create("after", "123")]));
        Assert.Single(Contract().CheckQuery(list, [KeyValuePair.Create("limit", "500")]));
        Assert.Single(Contract().CheckQuery(list, [KeyValuePair.Create("after", "now")]));
        Assert.Single(Contract().CheckQuery(list, [KeyValuePair.Create("since", "1")]));
    }

    [Fact]
    public void An_answer_is_held_against_the_schema_of_its_status()
    {
        Assert.Empty(Contract().CheckAnswer(Create, 403, Json("""{"code":50013,"message":"Missing Permissions"}""")));
        Assert.NotEmpty(Contract().CheckAnswer(Create, 403, Json("""{"error":"no"}""")));
        Assert.NotEmpty(Contract().CheckAnswer(Create, 429, Json("""{"code":0,"message":"slow down"}""")));
        Assert.NotEmpty(Contract().CheckAnswer(Create, 200, Json("""{"id":"1"}""")));
        Assert.NotEmpty(Contract().CheckAnswer(Create, 204, null));
        Assert.NotEmpty(Contract().CheckAnswer("DELETE /channels/{channel_id}/messages/{message_id}", 204, Json("{}")));
    }

    private static DiscordContract Contract()
    {
        var contract = DiscordContract.Find();
        Assert.SkipWhen(contract is null, "Discord's OpenAPI document is not beside this repository.");
        return contract;
    }

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
