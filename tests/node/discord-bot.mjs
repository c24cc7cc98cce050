// A bot by discord.js, which knows nothing of the fake it talks to. Every line it prints is one thing it did.
import {
  ActionRowBuilder, ButtonBuilder, ButtonStyle, ChannelType, Client, EmbedBuilder, Events, GatewayIntentBits, MessageFlags, SlashCommandBuilder,
} from 'discord.js';

const { DISCORD_API: api, DISCORD_TOKEN: token } = process.env;
const client = new Client({ intents: [GatewayIntentBits.Guilds], allowedMentions: { parse: [] }, rest: { api } });
const did = (what) => console.log(what);

const commands = [
  new SlashCommandBuilder().setName('subscribe').setDescription('Watches a feed.')
    .addStringOption((option) => option.setName('url').setDescription('Where it is.').setRequired(true).setAutocomplete(true))
    .addChannelOption((option) => option.setName('chat').setDescription('Where to post.').addChannelTypes(ChannelType.GuildText, ChannelType.GuildForum)),
  new SlashCommandBuilder().setName('publish').setDescription('Posts an entry.').setDefaultMemberPermissions(1 << 5),
  new SlashCommandBuilder().setName('stop').setDescription('Ends the bot.'),
].map((command) => command.toJSON());

const handlers = {
  async subscribe(interaction) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const undo = new ButtonBuilder().setCustomId('undo:1').setLabel('Undo').setStyle(ButtonStyle.Secondary);
    await interaction.editReply({
      content: `Watching ${interaction.options.getString('url')} in ${interaction.options.getChannel('chat')?.name ?? interaction.channel.name}.`,
      components: [new ActionRowBuilder().addComponents(undo)],
    });
    did('answered a command');
  },

  async publish(interaction) {
    await interaction.reply('Publishing.');
    const embed = new EmbedBuilder().setTitle('An entry').setURL('https://a.test/1').setDescription('Its text.').setTimestamp(new Date('2026-01-02T03:04:05Z'));
    const message = await interaction.channel.send({ embeds: [embed], nonce: 'entry-1', enforceNonce: true });
    const again = await interaction.channel.send({ embeds: [embed], nonce: 'entry-1', enforceNonce: true });
    did(again.id === message.id ? 'sent an embed once' : 'sent an embed twice');
    await message.edit({ embeds: [embed.setTitle('An entry, corrected')] });
    did('edited it');
    const forum = interaction.guild.channels.cache.find((channel) => channel.type === ChannelType.GuildForum);
    const post = await forum.threads.create({ name: 'A post', message: { content: 'Its first message.' }, appliedTags: [forum.availableTags[0].id] });
    did(`posted in ${forum.name}: ${post.name}`);
    await interaction.followUp('Published.');
  },

  async stop(interaction) {
    await interaction.reply({ content: 'Bye.', flags: MessageFlags.Ephemeral });
    did('stopped');
    await client.destroy();
    process.exit(0);
  },
};

client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isAutocomplete()) {
    await interaction.respond([{ name: `${interaction.options.getFocused()} (feed)`, value: 'https://a.test/feed' }]);
    did('suggested');
  } else if (interaction.isButton()) {
    await interaction.update({ content: `Undone: ${interaction.customId}`, components: [] });
    did('pressed a button');
  } else if (interaction.isChatInputCommand()) {
    await handlers[interaction.commandName](interaction);
  }
});
client.on(Events.ShardResume, () => did('resumed'));
client.on(Events.Error, (error) => fail(error));
client.once(Events.ClientReady, async () => {
  did(`logged in to ${client.guilds.cache.map((guild) => guild.name)}`);
  await client.application.commands.set(commands);
  did('registered');
});

function fail(error) {
  console.error(error);
  process.exit(1);
}

process.on('unhandledRejection', fail);
client.login(token).catch(fail);
