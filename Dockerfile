# docker compose up -d (compose.yaml), or: docker build -t notifier . && docker run -it -v notifier:/data notifier --terminal
FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /src

# The packages: a layer that is kept until one of them changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY core/Notifier.Core.csproj core/packages.lock.json core/
COPY bot/Notifier.Bot.csproj bot/packages.lock.json bot/
RUN dotnet restore bot/Notifier.Bot.csproj --locked-mode --use-current-runtime -p:PublishReadyToRun=true

COPY .editorconfig BannedSymbols.txt appsettings.json ./
COPY core core
COPY bot bot
RUN dotnet publish bot/Notifier.Bot.csproj --no-restore --configuration Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -p:UseAppHost=false --output /app

# The image that runs has no shell to make it with.
RUN mkdir /data

# With ICU and time zones: schedules run in the chats' zones.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
LABEL org.opencontainers.image.title="Notifier" \
      org.opencontainers.image.description="Watches feeds and tells Discord and Telegram chats about new entries" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra"
WORKDIR /app
COPY --from=build /app .
COPY --from=build --chown=1654:1654 /data /data

# Inside a container loopback is nobody else's; who may reach the port from outside is said where it is published.
ENV NOTIFIER_DATA=/data \
    Notifier__Web__Url=http://0.0.0.0:8080
USER 1654
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s --retries=3 CMD ["dotnet", "Notifier.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "Notifier.dll"]
