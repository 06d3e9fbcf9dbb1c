using ValueChainHub.Hosting;
using ValueChainHub.Server.Commands;

return await HubProgram.RunAsync(args, LocalPlugs.Plugs);
