using System.Text.Json.Nodes;
using Notifier.Tests.Support.Fakes.Contracts;
using Notifier.Tests.Support.Fakes.Telegram.Api;

namespace Notifier.Tests.Fakes;

/// <summary>The checker of Bot API requests and answers finds what is wrong, and only that.</summary>
public sealed class TelegramContractTests
{
    private static TelegramContract Contract
    {
        get
        {
            var contract = TelegramContract.Find();
            Assert.SkipWhen(contract is null, "The description of the Bot API is not beside this repository.");
            return contract;
        }
    }

    [Theory]
    [InlineData("sendMessage", """{"chat_id":1,"text":"x"}""", "")]
    [InlineData("sendMessage", """{"chat_id":"@name","text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}}""", "")]
    [InlineData("sendMessage", """{"text":"x"}""", "sendMessage.chat_id is missing (Integer or String)")]
    [InlineData("sendMessage", """{"chat_id":1,"text":5}""", "sendMessage.text is no String: 5")]
    [InlineData("sendMessage", """{"chat_id":1,"text":"x","thread_id":5}""", "sendMessage.thread_id is unknown")]
    [InlineData("sendMessage", """{"chat_id":1,"text":"x","message_thread_id":1.5}""", "sendMessage.message_thread_id is no Integer: 1.5")]
    [InlineData("sendMessage", """{"chat_id":1,"text":"x","disable_notification":"yes"}""", "sendMessage.disable_notification is no Boolean: \"yes\"")]
    [InlineData("sendMessage", """{"chat_id":1,"text":"x","link_preview_options":{"disabled":true}}""", "sendMessage.link_preview_options.disabled is unknown")]
    [InlineData("sendMessage", """{"chat_id":1,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","data":"b"}]]}}""", "sendMessage.reply_markup.inline_keyboard[0][0].data is unknown")]
    [InlineData("getUpdates", """{"allowed_updates":["message",1]}""", "getUpdates.allowed_updates[1] is no String: 1")]
    [InlineData("setMyCommands", """{"commands":[{"command":"a"}]}""", "setMyCommands.commands[0].description is missing (String)")]
    [InlineData("sendPigeon", "{}", "sendPigeon is no method")]
    public void A_request_is_checked_for_names_types_and_what_is_required(string method, string parameters, string problem) =>
        Assert.Equal(problem, string.Join("; ", Contract.Request(new ApiCall(method, (JsonObject)JsonNode.Parse(parameters)!, asText: false))));

    [Fact]
    public void The_values_of_a_form_are_read_for_their_types()
    {
        Assert.Empty(Contract.Request(Form("""{"chat_id":"1","text":"5","message_thread_id":"3","disable_notification":"true","reply_markup":"{\"inline_keyboard\":[]}"}""")));
        Assert.Equal(["sendMessage.message_thread_id is no Integer: \"x\""], Contract.Request(Form("""{"chat_id":"1","text":"5","message_thread_id":"x"}""")));

        static ApiCall Form(string values) => new("sendMessage", (JsonObject)JsonNode.Parse(values)!, asText: true);
    }

    [Theory]
    [InlineData("deleteMessage", "true", "")]
    [InlineData("deleteMessage", "\"true\"", "deleteMessage() is no Boolean: \"true\"")]
    [InlineData("getChatMember", """{"status":"left","user":{"id":1,"is_bot":false,"first_name":"A"}}""", "")]
    [InlineData("getChatMember", """{"status":"left","user":{"id":1,"is_bot":false}}""", "getChatMember().user.first_name is missing (String)")]
    [InlineData("sendMessage", """{"message_id":1,"date":2,"chat":{"id":1,"type":"private"},"txt":"x"}""", "sendMessage().txt is unknown")]
    public void An_answer_is_checked_too(string method, string result, string problem) =>
        Assert.Equal(problem, string.Join("; ", Contract.Result(method, JsonNode.Parse(result)!)));
}
