using ValueChainHub.Core.Storage;

namespace ValueChainHub.Infrastructure.Cosmos;

/// <summary>Every call to the account goes through here: under a deadline, its charge noted, its faults said in the words of the port.</summary>
internal sealed class CosmosCalls(TimeSpan timeout, StoreBill bill)
{
    /// <param name="operation">What is done, for the bill.</param>
    /// <param name="container">Where.</param>
    /// <param name="isWrite">Whether a call without an answer may have stored something.</param>
    /// <param name="call">The call; answers what it read and what it was charged.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StoreUnavailableException">There was no answer, or none that helps.</exception>
    public async ValueTask<T> DoAsync<T>(
        string operation, string container, bool isWrite, Func<CancellationToken, Task<(T Answer, double Charge)>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        try
        {
            var (answer, charge) = await call(deadline.Token);
            bill.Note(operation, container, charge);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreUnavailableException($"Cosmos DB did not answer within {timeout.TotalSeconds:0} seconds.", outcomeUnknown: isWrite);
        }
        catch (Exception thrown) when (CosmosFault.Is(thrown))
        {
            throw CosmosFault.Of(thrown, isWrite);
        }
    }
}
