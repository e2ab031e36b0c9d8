/** A shell we can complete for: what it loads, and how it is told to for good. */
export interface ShellScript {
  shell: string
  /** The command that makes every new shell complete. */
  install: string
  script: string
}

// Each script hands the words up to the cursor to `wild-cli __complete` and gets a candidate per line, with a tab before
// what it means. The line `:files` asks for names of files instead. Nobody there to answer means no candidates.

// bash splits words at `=` and `:`, which we undo, and replaces only what is behind the last of them.
const bash = `# Tab completion of wild-cli for bash
_wild_cli() {
  local words=() word glue= current line start
  local -i i
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((\${#words[@]})) && [[ -n $glue || $word =~ ^[=:]+$ ]]; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    if [[ $word =~ ^[=:]+$ ]]; then glue=1; else glue=; fi
  done
  current=\${words[\${#words[@]}-1]}
  start=
  if [[ $current == *[=:]* && $COMP_WORDBREAKS == *[=:]* && $current != *[\\"\\']* ]]; then
    start=\${current%"\${current##*[=:]}"}
  fi
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "\${current#"$start"}")
      type compopt &>/dev/null && compopt -o filenames
      return
    fi
    line=\${line%%$'\\t'*}
    [[ $current == [\\"\\']* ]] || printf -v line %q "$line"
    COMPREPLY+=("\${line#"$start"}")
  done < <(wild-cli __complete -- "\${words[@]}" 2>/dev/null)
  if ((\${#COMPREPLY[@]} == 1)) && [[ \${COMPREPLY[0]} == *= ]]; then
    type compopt &>/dev/null && compopt -o nospace
  fi
}
complete -F _wild_cli wild-cli
`

const zsh = `#compdef wild-cli
# Tab completion of wild-cli for zsh
_wild_cli() {
  local line
  local -a found open
  for line in "\${(@f)$(wild-cli __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line ]] && continue
    if [[ $line == :files ]]; then
      _files
      return
    fi
    if [[ \${line%%$'\\t'*} == *= ]]; then
      open+=("\${line%%$'\\t'*}")
    elif [[ $line == *$'\\t'* ]]; then
      found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    else
      found+=("\${line//:/\\\\:}")
    fi
  done
  ((\${#open})) && compadd -S '' -a open
  ((\${#found})) && _describe -t values value found
}
if [[ \${funcstack[1]} == _wild_cli ]]; then _wild_cli "$@"; else compdef _wild_cli wild-cli; fi
`

const fish = `# Tab completion of wild-cli for fish
function __wild_cli_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct)
    for line in (wild-cli __complete -- $words "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
complete -c wild-cli -f -a '(__wild_cli_complete)'
`

/** The shells, each with its script. */
export const shellScripts: readonly ShellScript[] = [
  { shell: 'bash', script: bash, install: `echo 'source <(wild-cli completion bash)' >> ~/.bashrc` },
  {
    shell: 'zsh',
    script: zsh,
    install: `echo 'autoload -Uz compinit && compinit && source <(wild-cli completion zsh)' >> ~/.zshrc`,
  },
  {
    shell: 'fish',
    script: fish,
    install: 'wild-cli completion fish > ~/.config/fish/completions/wild-cli.fish',
  },
]
