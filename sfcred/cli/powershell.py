"""Completion for PowerShell, which click doesn't have.

Source: Register-ArgumentCompleter and CompletionResult (Microsoft Learn). It works in Windows
PowerShell 5.1 and in PowerShell 7.
"""

import os
from typing import TYPE_CHECKING, ClassVar

from click.shell_completion import ShellComplete, add_completion_class

from sfcred.text.shell import for_powershell

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

NAME = "powershell"
# Words before the cursor, without their quotes, are passed in one variable, one per line.
_SCRIPT = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = $commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { if ($null -ne $_.Value) { $_.Value } else { $_.Extent.Text } }
    try {
        $env:%(complete_var)s = 'powershell_complete'
        $env:COMP_WORDS = $words -join "`n"
        $env:COMP_CWORD = $wordToComplete.Trim("'")
        %(prog_name)s | ForEach-Object {
            $type, $new, $help = $_ -split "`t", 3
            $automation = 'System.Management.Automation'
            if ($type -eq 'plain') {
                New-Object "$automation.CompletionResult" $new, $new, 'ParameterValue', $help
            } else {
                ("$automation.CompletionCompleters" -as [type])::CompleteFilename($wordToComplete)
            }
        }
    } finally {
        Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_CWORD -ErrorAction Ignore
    }
}
"""


class PowerShellComplete(ShellComplete):
    """Completion for PowerShell: one suggestion per line, as type, word and help."""

    name: ClassVar[str] = NAME
    source_template: ClassVar[str] = _SCRIPT

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the complete words after the program's name, and the incomplete one."""
        words = os.environ.get("COMP_WORDS", "").split("\n")
        # PowerShell doesn't set a variable to an empty text.
        return words[1:], os.environ.get("COMP_CWORD", "")

    def format_completion(self, item: "CompletionItem[str]") -> str:
        """Return one suggestion as the script expects it."""
        # PowerShell refuses a suggestion without help.
        help_text = " ".join((item.help or item.value or "-").split())
        return f"{item.type}\t{for_powershell(item.value)}\t{help_text}"


def register() -> None:
    """Let click know this shell."""
    add_completion_class(PowerShellComplete)
