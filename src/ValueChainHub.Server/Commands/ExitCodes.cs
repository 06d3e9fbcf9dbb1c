namespace ValueChainHub.Server.Commands;

/// <summary>What the program tells a script that called it.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and nothing to see to.</summary>
    public const int Done = 0;

    /// <summary>Not done: a setting is wrong, or something that was needed did not answer. One line on the error stream says what.</summary>
    public const int Failed = 1;

    /// <summary>The command line is not understood.</summary>
    public const int WrongUse = 2;

    /// <summary>Done, and it found things to see to.</summary>
    public const int Findings = 3;

    /// <summary>Stopped by the one who called it.</summary>
    public const int Stopped = 130;
}
