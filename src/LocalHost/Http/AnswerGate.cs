namespace Headgate.LocalHost.Http;

/// <summary>Marks a request whose answer has waited for everything it rests on; what others append later does not concern it.</summary>
internal sealed class AnswerGate
{
    public static readonly AnswerGate Passed = new();

    private AnswerGate()
    {
    }
}
