"""What a decision becomes, and what it would break, before anybody has to live with it.

`workspace` holds a repository's decisions open, with texts that nobody has saved laid over them;
`become` shows what one of them becomes, `impact` what it would break, `decision_map` how they hang
together. The page (`server`, `page`), the site (`site`), the terminal (`terminal`) and editors
(`bylaw.lsp`) show the same values.
"""
