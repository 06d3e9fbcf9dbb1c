using System.Text.Json;
using ValueChainHub.Core.Messaging;

namespace ValueChainHub.Infrastructure.Sqlite;

internal sealed partial class SqliteChainBus
{
    public async ValueTask PublishAsync(IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count > 0)
        {
            await _writer.Run(new Publication(messages, cancellationToken));
        }
    }

    public async ValueTask SubscribeAsync(string subscription, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(subscription);
        var made = await _writer.Run(new Subscribing(subscription, cancellationToken));
        lock (_gate)
        {
            _subscriptions.TryAdd(subscription, made);
        }
    }

    /// <summary>Messages in their order; an id that is there already stays as it is.</summary>
    private sealed class Publication(IReadOnlyList<BusMessage> messages, CancellationToken cancellationToken) : BusWork<int>(cancellationToken)
    {
        private readonly byte[][] _properties =
            [.. messages.Select(message => JsonSerializer.SerializeToUtf8Bytes(message.Properties, BusJson.Default.IReadOnlyDictionaryStringString))];

        protected override int Write(SqliteGroup group)
        {
            var publish = group.Session.Messages.Publish;
            for (var index = 0; index < messages.Count; index++)
            {
                var message = messages[index];
                publish.Bind(1, group.NextSequence());
                publish.BindText(2, message.Id);
                publish.BindText(3, message.PartitionKey);
                publish.BindText(4, message.Type);
                publish.Bind(5, group.Time);
                publish.BindBlob(6, _properties[index]);
                publish.BindBlob(7, message.Body.Span);
                publish.Run();
            }

            group.MessagesChanged = true;
            return messages.Count;
        }
    }

    private sealed class Subscribing(string name, CancellationToken cancellationToken) : BusWork<Subscription>(cancellationToken)
    {
        protected override Subscription Write(SqliteGroup group)
        {
            var statements = group.Session.Messages;
            statements.Subscribe.BindText(1, name);
            statements.Subscribe.Bind(2, group.LastSequence);
            statements.Subscribe.Run();

            var made = statements.Subscription;
            made.BindText(1, name);
            made.Step();
            var subscription = new Subscription(made.Int64(0), made.Int64(1));
            made.Reset();
            return subscription;
        }
    }
}
