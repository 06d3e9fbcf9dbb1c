using Azure;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Infrastructure.ServiceBus;

/// <summary>Faults of the SDK in the words of the port. Nothing of a message is in them.</summary>
internal static class ServiceBusFault
{
    /// <summary>Whether the fault is the bus's, so that the same call may succeed later. The SDK throws several kinds that are no <see cref="ServiceBusException"/>.</summary>
    public static bool IsOfTheBus(Exception fault, CancellationToken cancellationToken) => fault switch
    {
        ServiceBusException or TimeoutException or UnauthorizedAccessException or RequestFailedException or AuthenticationFailedException or IOException
            or System.Net.Sockets.SocketException => true,
        // Its own token, not the caller's: an operation ran into the SDK's limit of time.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    public static BusUnavailableException Unavailable(Exception fault) => new(
        fault switch
        {
            ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityNotFound, EntityPath: var entity } => $"Service Bus has no '{entity}'.",
            ServiceBusException bus => $"Service Bus does not answer as it should ({bus.Reason}).",
            UnauthorizedAccessException or AuthenticationFailedException => "Service Bus does not let the hub in.",
            RequestFailedException { Status: var status } => $"Service Bus's management answered {status}.",
            _ => $"Service Bus cannot be reached ({fault.GetType().Name}).",
        },
        fault);

    /// <summary>Somebody else has the message now, or nobody: there is nothing to settle (contract case 9).</summary>
    public static bool IsLostLock(ServiceBusException fault) => fault.Reason is ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.MessageNotFound;
}
