// A bot on grammY that knows nothing of the fake: it polls, offers a command, answers it with a message and a button, answers the button, edits the
// message, posts to a topic and to a channel, and goes on after its polling was cut. It prints what it did, one line each, and ends with 0.
// Environment: API_ROOT, BOT_TOKEN, FORUM ("chat id/topic id"), CHANNEL ("@name").
import { Bot, GrammyError, InlineKeyboard } from "grammy";

const { API_ROOT, BOT_TOKEN, FORUM, CHANNEL } = process.env;
const [forum, topic] = FORUM.split("/").map(Number);
const bot = new Bot(BOT_TOKEN, { client: { apiRoot: API_ROOT } });
const did = (what) => console.log(what);

bot.command("list", async (ctx) => {
  const sent = await ctx.reply("<b>Feeds</b> &amp; <a href=\"https://e.org/\">more</a>", {
    parse_mode: "HTML",
    link_preview_options: { is_disabled: true },
    reply_markup: new InlineKeyboard().text("Next", "page:2").url("Open", "https://e.org/"),
  });
  did(`sent ${sent.text} with ${sent.entities.map((entity) => entity.type).join("+")}`);
});

bot.callbackQuery("page:2", async (ctx) => {
  await ctx.answerCallbackQuery({ text: "Here you are" });
  const edited = await ctx.editMessageText("Page two");
  did(`edited to ${edited.text}`);
});

bot.command("post", async (ctx) => {
  const inTopic = await ctx.api.sendMessage(forum, "To the topic", { message_thread_id: topic });
  did(`posted to topic ${inTopic.message_thread_id === topic}`);
  const inChannel = await ctx.api.sendMessage(CHANNEL, "To the channel");
  did(`posted to ${inChannel.chat.type} ${inChannel.chat.username}`);
  try {
    await ctx.api.sendMessage(forum, "<p>no</p>", { parse_mode: "HTML" });
  } catch (error) {
    did(`refused ${error instanceof GrammyError && error.error_code}`);
  }
  const member = await ctx.api.getChatMember(ctx.chat.id, ctx.from.id);
  did(`member ${member.status}`);
});

bot.command("quit", async () => {
  did("quitting");
  await bot.stop();
});

await bot.init();
did(`is ${bot.botInfo.username}`);
await bot.api.setMyCommands([{ command: "list", description: "Lists the feeds" }]);
did(`offers ${(await bot.api.getMyCommands()).map((command) => command.command)}`);
await bot.start({ allowed_updates: ["message", "callback_query"] });
did("stopped");
