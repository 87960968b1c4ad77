"""The texts that go into files of CI and commit hooks."""

SETUP_HEAD = """\
name: Copilot Setup Steps
on:
  workflow_dispatch:
  pull_request:
    paths: [.github/workflows/copilot-setup-steps.yml]
jobs:
  # This is the name by which GitHub's coding agent finds it.
  copilot-setup-steps:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read
    steps:
"""

SETUP_STEPS = """\
- uses: actions/setup-python@v5
  with:
    python-version: "3.12"
- name: Install bylaw, which the agent is told to ask
  run: pip install bylaw
"""

PRE_COMMIT = """\
- repo: local
  hooks:
    - id: bylaw-check
      name: the decisions are kept
      # What only people or CI can tell, such as an approval, is left to them.
      entry: CHECK
      language: system
      always_run: true
      pass_filenames: false
"""

GITHUB = """\
name: JOB
on:
  pull_request:
  push:
    branches: [BRANCH]
permissions:
  contents: read
jobs:
  JOB:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      security-events: write
    steps:
      - uses: actions/checkout@v4
        with:
          # A change is compared with the commit that it started from.
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install bylaw
      - name: The decisions compile
        run: BUILD
      - name: The code keeps them
        env:
          BASE: ${{ github.event.pull_request.base.sha }}
        # What could not be judged fails, too, with status 3; the report says what to pass.
        run: |
          if [ -n "$BASE" ]; then set -- --diff "$BASE"; fi
          CHECK "$@" --format github --output sarif=bylaw.sarif --output markdown=bylaw.md
      - name: Show the report
        if: always()
        run: if [ -f bylaw.md ]; then cat bylaw.md >> "$GITHUB_STEP_SUMMARY"; fi
      - uses: github/codeql-action/upload-sarif@v3
        if: always() && hashFiles('bylaw.sarif') != ''
        # Where code scanning is off, or a fork may not write, the annotations remain.
        continue-on-error: true
        with:
          sarif_file: bylaw.sarif
"""

GITLAB = """\
JOB:
  image: python:3.12
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  variables:
    # A change is compared with the commit that it started from.
    GIT_DEPTH: "0"
  script:
    - pip install bylaw
    - BUILD
    # What could not be judged fails, too, with status 3; the report says what to pass.
    - |
      if [ -n "$CI_MERGE_REQUEST_DIFF_BASE_SHA" ]; then
        set -- --diff "$CI_MERGE_REQUEST_DIFF_BASE_SHA"
      fi
      CHECK "$@" --output junit=bylaw.xml
  artifacts:
    when: always
    reports:
      junit: bylaw.xml
"""
