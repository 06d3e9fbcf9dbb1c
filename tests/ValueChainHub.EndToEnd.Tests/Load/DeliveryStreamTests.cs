using ValueChainHub.Benchmarks.Generator;

namespace ValueChainHub.EndToEnd.Tests.Load;

public sealed class DeliveryStreamTests
{
    [Fact]
    public void One_fifth_are_repeats_and_half_of_them_come_at_once()
    {
        var stream = Stream(limit: 8000);

        var sent = Drain(stream);

        sent.Count(delivery => !delivery.IsRepeat).ShouldBe(8000);
        (sent.Count(delivery => delivery.IsRepeat) / (double)sent.Count).ShouldBeInRange(0.19, 0.21);
        var atOnce = sent.Zip(sent.Skip(1)).Count(pair => pair.Second.IsRepeat && pair.First == pair.Second with { IsRepeat = false });
        atOnce.ShouldBeInRange(800, 1200);
        sent.GroupBy(delivery => delivery.Index).Max(times => times.Count()).ShouldBe(2);
    }

    [Fact]
    public void What_was_cut_off_or_refused_is_sent_again()
    {
        var stream = Stream(limit: 3);
        stream.TryNext(out var first);
        stream.TryNext(out var second);

        stream.NoteLost(first);
        stream.Note(second, Answer.Refused);

        stream.WasAnswered(first.Index).ShouldBeFalse();
        Drain(stream).ShouldContain(delivery => delivery.Index == first.Index);
        stream.Unanswered.ShouldBe(0);
    }

    [Fact]
    public void The_account_tells_accepted_from_duplicate()
    {
        var stream = Stream(limit: 1);
        var delivery = new Delivery(0, IsRepeat: false);

        stream.Note(delivery, Answer.Accepted);
        stream.Note(delivery, Answer.Duplicate);

        (stream.AcceptedTimes(0), stream.DuplicateTimes(0), stream.Answered).ShouldBe((1, 1, 2L));
    }

    private static DeliveryStream Stream(long limit) => new(new OrderPlan(seed: 3, customers: 100, BodySize.Four)) { Limit = limit };

    private static List<Delivery> Drain(DeliveryStream stream)
    {
        var sent = new List<Delivery>();
        while (stream.TryNext(out var delivery))
            sent.Add(delivery);
        return sent;
    }
}
