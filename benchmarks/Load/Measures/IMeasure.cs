using Headgate.Load.Figures;

namespace Headgate.Load.Measures;

/// <summary>A thing to measure.</summary>
internal interface IMeasure
{
    /// <summary>As given on the command line.</summary>
    string Name { get; }

    /// <summary>One line for the help.</summary>
    string Summary { get; }

    /// <exception cref="Wire.UnexpectedAnswerException">The service answered what it should not have: there is no figure.</exception>
    IEnumerable<Reading> Run(Bench bench);
}
