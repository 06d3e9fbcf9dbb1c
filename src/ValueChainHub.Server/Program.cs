using ValueChainHub.Hosting;
using ValueChainHub.Server;

return await HubServer.RunAsync(args, LocalPlugs.Plugs);
