namespace ValueChainHub.Benchmarks.Generator;

/// <summary>A delivery to be sent: an order, for the first time or again.</summary>
public readonly record struct Delivery(long Index, bool IsRepeat);

/// <summary>What the server said about a delivery.</summary>
public enum Answer
{
    Accepted,
    Duplicate,
    Quarantined,

    /// <summary>Anything but a 200: the delivery was not taken and is sent again.</summary>
    Refused,
}

/// <summary>What is sent, in which order, and the account of what was answered. One fifth are repeats, half of them at nearly the same instant.</summary>
/// <remarks>Outlives a server: what stayed unanswered is sent again. Not safe for several threads.</remarks>
public sealed class DeliveryStream(OrderPlan plan)
{
    private const int RingSize = 4096;

    private readonly Queue<Delivery> unanswered = new();
    private readonly Delivery?[] later = new Delivery?[RingSize];
    private readonly Queue<Delivery> atOnce = new();
    private byte[] accepted = new byte[4096];
    private byte[] repeated = new byte[4096];
    private int ring;
    private int waitingLater;

    public OrderPlan Plan => plan;

    /// <summary>No order beyond this index is begun; repeats and unanswered deliveries still come.</summary>
    public long Limit { get; set; } = long.MaxValue;

    /// <summary>How many orders were begun: indexes below this were sent at least once.</summary>
    public long Begun { get; private set; }

    public long Attempts { get; private set; }

    public long Answered => Accepted + Duplicates + Quarantined;

    public long Accepted { get; private set; }

    public long Duplicates { get; private set; }

    public long Quarantined { get; private set; }

    public long Refused { get; private set; }

    public long Lost { get; private set; }

    public int Unanswered => unanswered.Count;

    public bool TryNext(out Delivery delivery)
    {
        if (!TryChoose(out delivery))
            return false;
        Attempts++;
        return true;
    }

    /// <summary>Drops the repeats that were to come later; what was never sent needs no answer.</summary>
    public void ForgetRepeats()
    {
        Array.Clear(later);
        waitingLater = 0;
        atOnce.Clear();
        Limit = Begun;
    }

    public void Note(Delivery delivery, Answer answer)
    {
        switch (answer)
        {
            case Answer.Accepted:
                Accepted++;
                Increment(ref accepted, delivery.Index);
                break;
            case Answer.Duplicate:
                Duplicates++;
                Increment(ref repeated, delivery.Index);
                break;
            case Answer.Quarantined:
                Quarantined++;
                break;
            default:
                Refused++;
                unanswered.Enqueue(delivery);
                break;
        }
    }

    /// <summary>The connection broke before the answer: nobody knows whether it was taken.</summary>
    public void NoteLost(Delivery delivery)
    {
        Lost++;
        unanswered.Enqueue(delivery);
    }

    public int AcceptedTimes(long index) => index < accepted.Length ? accepted[index] : 0;

    public int DuplicateTimes(long index) => index < repeated.Length ? repeated[index] : 0;

    /// <summary>True when at least one sending of this order was answered with 200.</summary>
    public bool WasAnswered(long index) => AcceptedTimes(index) + DuplicateTimes(index) > 0;

    private bool TryChoose(out Delivery delivery)
    {
        if (unanswered.TryDequeue(out delivery) || atOnce.TryDequeue(out delivery))
            return true;
        ring = (ring + 1) % RingSize;
        if (later[ring] is { } due)
        {
            later[ring] = null;
            waitingLater--;
            delivery = due;
            return true;
        }
        if (Begun < Limit)
        {
            delivery = new Delivery(Begun++, IsRepeat: false);
            Repeat(delivery.Index);
            return true;
        }
        return TryDrain(out delivery);
    }

    private void Repeat(long index)
    {
        var repeat = new Delivery(index, IsRepeat: true);
        switch (plan.RepetitionOf(index, out var distance))
        {
            case Repetition.AtOnce:
                atOnce.Enqueue(repeat);
                break;
            case Repetition.Later:
                var slot = (ring + distance) % RingSize;
                while (later[slot] is not null)
                    slot = (slot + 1) % RingSize;
                later[slot] = repeat;
                waitingLater++;
                break;
            default:
                break;
        }
    }

    private bool TryDrain(out Delivery delivery)
    {
        delivery = default;
        if (waitingLater == 0)
            return false;
        while (later[ring] is null)
            ring = (ring + 1) % RingSize;
        delivery = later[ring]!.Value;
        later[ring] = null;
        waitingLater--;
        return true;
    }

    private static void Increment(ref byte[] counts, long index)
    {
        if (index >= counts.Length)
            Array.Resize(ref counts, (int)Math.Max(index + 1, counts.Length * 2L));
        counts[index]++;
    }
}
