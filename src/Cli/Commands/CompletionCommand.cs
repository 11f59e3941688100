using System.CommandLine;

namespace Headgate.Cli.Commands;

/// <summary>Scripts with which a shell asks this program what may come next, by the directive <c>[suggest:POSITION]</c> of System.CommandLine.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # In ~/.bashrc: source <(headgate completion bash)
        _headgate() {
            local line="${COMP_LINE:0:COMP_POINT}" word
            COMPREPLY=()
            while IFS= read -r word; do
                [[ $word == "${COMP_WORDS[COMP_CWORD]}"* ]] && COMPREPLY+=("$word")
            done < <(headgate "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o default -F _headgate headgate
        """;

    private const string Zsh = """
        # In ~/.zshrc, after compinit: source <(headgate completion zsh)
        _headgate() {
            local line="${BUFFER[1,CURSOR]}"
            local -a words
            words=("${(@f)$(headgate "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -a words || _files
        }
        compdef _headgate headgate
        """;

    private const string Fish = """
        # In ~/.config/fish/completions/headgate.fish: headgate completion fish | source
        function __headgate_complete
            set -l line (commandline -cp)
            headgate "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c headgate -a '(__headgate_complete)'
        """;

    public static void AddTo(CommandLine line)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        line.AddWithoutKey(new Command("completion", "Print the script with which a shell completes this program's commands") { shell }, (arguments, _) =>
        {
            line.Terminal.Line(arguments.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return Task.FromResult(ExitCode.Done);
        });
    }
}
