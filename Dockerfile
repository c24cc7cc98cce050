# docker build -t notifier . && docker run -it -v notifier:/data notifier --terminal
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY . .
RUN dotnet publish bot/Notifier.Bot.csproj --configuration Release --use-current-runtime --self-contained false --output /app /p:PublishReadyToRun=true

# ICU and time zones are needed: schedules run in the chats' zones.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
WORKDIR /app
COPY --from=build /app .
USER 1654
VOLUME /data
ENTRYPOINT ["dotnet", "Notifier.dll"]
