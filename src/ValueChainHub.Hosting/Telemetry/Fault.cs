using System.Diagnostics;
using System.Text;

namespace ValueChainHub.Hosting;

/// <summary>Tells of an exception without its messages: those of the framework quote what they choked on, and that may be personal.</summary>
public static class Fault
{
    private const int Frames = 12;

    /// <summary>The types of the exception and of its causes, and where it was thrown.</summary>
    public static string Describe(Exception exception)
    {
        var text = new StringBuilder();
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            text.Append(text.Length == 0 ? "" : " <- ").Append(cause.GetType().Name);
        var methods = new StackTrace(exception, fNeedFileInfo: false).GetFrames().Select(DiagnosticMethodInfo.Create).Where(method => method is not null && !IsOfAwaiting(method));
        foreach (var method in methods.Take(Frames))
            text.Append(" at ").Append(method!.DeclaringTypeName).Append('.').Append(method.Name);
        return text.ToString();
    }

    /// <summary>What only carries an exception from one awaiting method to the next.</summary>
    private static bool IsOfAwaiting(DiagnosticMethodInfo method) => method.DeclaringTypeName?.StartsWith("System.Runtime.", StringComparison.Ordinal) ?? true;
}
