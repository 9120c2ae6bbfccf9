"""`ifeval-fi translate` and `ifeval-fi translate apply`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from ifeval_fi.cli import say
from ifeval_fi.detection.word_languages import known_languages
from ifeval_fi.errors import IfevalError
from ifeval_fi.jsonl import dumps
from ifeval_fi.languages import languages
from ifeval_fi.translate.clean import REASONS, Thresholds
from ifeval_fi.translate.deepl import DEFAULT_CONTEXT, DeepL
from ifeval_fi.translate.engine import Engine, read_glossary
from ifeval_fi.translate.pipeline import Job, default_drops, report, save, state_path, translate
from ifeval_fi.translate.review import keep_corrections, merge, review_table, save_merged, state_of
from ifeval_fi.translate.rows import Format, is_prompt, read_source

app = App(name="translate", help="Translate prompts or training data, and merge a review.", help_format="plaintext")


@app.default
def run(
    source: Path,
    *,
    to: str,
    engine: Literal["deepl", "llm"],
    output: Path,
    from_: Annotated[str, Parameter(name="--from")] = "en",
    format: Format = "prompts",
    limit: int | None = None,
    review: Path | None = None,
    glossary: Path | None = None,
    formal: Annotated[bool, Parameter(negative=())] = False,
    drop: Annotated[tuple[str, ...] | None, Parameter(consume_multiple=True, negative=())] = None,
    max_growth: float = 1.5,
    max_shrink: float = 0.67,
    max_symbols: float = 0.3,
    min_compression: float = 0.3,
    min_language_share: float = 0.5,
    sentence_words: int = 3,
    server_url: str | None = None,
    context: str = DEFAULT_CONTEXT,
    model: str | None = None,
    base_url: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    examples: Path | None = None,
    max_tokens: int = 2048,
    concurrency: int | None = None,
    timeout: float | None = None,
    extra_body: str = "{}",
    quiet: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Translate a file into another language; the same command again goes on where it stopped.

    The key for DeepL is read from DEEPL_AUTH_KEY, one for a model from OPENAI_API_KEY or IFEVAL_FI_API_KEY.
    Exit code 1: some rows have no translation.

    Parameters
    ----------
    source
        The file to translate, JSON Lines.
    to
        Language to translate into, e.g. fi.
    engine
        deepl, or llm for any OpenAI-compatible server or an embedded model.
    output
        The draft; its journal, report, review file and state lie beside it.
    from_
        Language of the source.
    format
        prompts, sft ({"messages"}) or preference ({"prompt", "chosen", "rejected"}).
    limit
        Translate only the first so many rows.
    review
        The table to edit, .csv or .xlsx; DRAFT.review.csv when not given.
    glossary
        Terms to use: a source term, a tab and a target term a line.
    formal
        Polite instead of familiar forms of address, where the language has them.
    drop
        Reasons that keep a row out of the draft, or none; without it, none for prompts and all poor ones otherwise.
    max_growth
        Flag more than this share of words more than the source has.
    max_shrink
        Flag more than this share of words fewer than the source has.
    max_symbols
        Flag a larger share of characters that are neither letters, digits nor white space.
    min_compression
        Flag a text that compresses to less than this share of its size.
    min_language_share
        Flag a smaller share of words in the target language.
    sentence_words
        Words a sentence must have to count as untranslated or doubled.
    server_url
        Another address of DeepL's API.
    context
        What DeepL is told about the texts; not billed.
    model
        Served name; "smollm2" or PATH.gguf for the embedded llama.cpp server.
    base_url
        An OpenAI-compatible server, e.g. http://127.0.0.1:8000/v1.
    examples
        Pairs of source and target to show the model; ten of ours for English to Finnish.
    max_tokens
        Tokens a translation may have.
    concurrency
        Requests at a time.
    timeout
        Seconds for one request.
    extra_body
        JSON merged into each request, e.g. '{"response_format": null}' for a server without structured output.
    quiet
        No progress.
    """
    rows = read_source(source, format, from_, limit=limit)
    limits = Thresholds(
        max_growth=max_growth,
        max_shrink=max_shrink,
        max_symbols=max_symbols,
        min_compression=min_compression,
        min_language_share=min_language_share,
        sentence_words=sentence_words,
    )
    drops = default_drops(format) if drop is None else () if drop == ("none",) else drop
    job = Job(rows, format, from_, to, limits, drops)
    terms = read_glossary(glossary) if glossary else {}
    table = review or output.with_name(output.stem + ".review.csv")
    if table.suffix.lower() not in (".csv", ".xlsx"):
        raise IfevalError(f"--review {table}: must end in .csv or .xlsx")
    keep_corrections(table)
    chosen: Engine
    if engine == "deepl":
        chosen = DeepL(from_, to, server_url=server_url, context=context, formal=formal, glossary=terms)
    else:
        from ifeval_fi.cli.run import json_object
        from ifeval_fi.runner.settings import RunSettings
        from ifeval_fi.translate.llm import Llm, read_examples

        settings = RunSettings(
            model=model,
            base_urls=base_url,
            max_tokens=max_tokens,
            temperature=0.0,
            concurrency=concurrency,
            timeout=timeout,
            extra_body=json_object(extra_body),
        )
        pairs = read_examples(examples, to) if examples or from_ == "en" else []
        chosen = Llm(from_, to, settings, examples=pairs, formal=formal, glossary=terms, quiet=quiet)
    translated = translate(job, chosen, output.with_name(output.stem + ".journal"), partial(say, error=True))
    counts = report(translated)
    others: dict[Path, str | bytes] = {
        table: review_table(table, [each.state for each in translated]),
        output.with_name(output.stem + ".report.json"): dumps(counts, indent=2) + "\n",
    }
    save(translated, output, others)
    say(
        f"{counts['rows']} rows, {counts['translated']} translated, {counts['flagged']} flagged, "
        f"{counts['dropped']} dropped"
    )
    for reason, number in counts["reasons"].items():
        say(f"  {reason:<24}{number['rows']:>5}  {REASONS[reason]}")
    if to not in known_languages():
        say(f"  the language detector does not know {to}: wrong languages were not looked for")
    say(f"draft {output}, review file {table}")
    if format == "prompts" and counts["dropped"] < counts["rows"]:
        _check(output, to)
    return 0 if counts["translated"] == counts["rows"] else 1


def _check(prompts: Path, language: str) -> None:
    if language not in languages():
        say(f"no checks for {language} yet; docs/new-language.md in the source says how to add a language")
        return
    from ifeval_fi.curation.proof import check_prompts

    rows, findings = check_prompts(str(prompts), language=language)
    say(
        f"prompts check: {len(findings)} findings in {rows} rows; "
        f"ifeval-fi prompts check {prompts} --language {language} lists them"
    )


@app.command
def apply(
    review: Path,
    *,
    output: Path,
    draft: Path | None = None,
) -> int:
    """Merge a review file's corrections into the set, with each row's provenance beside it.

    Exit code 1: the merged prompts still have findings.

    Parameters
    ----------
    review
        The edited table, .csv or .xlsx.
    output
        The set to write.
    draft
        The draft it belongs to; told from the review file's name when not given.
    """
    merged = merge(review, state_path(draft) if draft else state_of(review))
    beside = save_merged(merged, output)
    say(f"{len(merged.rows)} rows, {merged.edited} edited by hand, {merged.dropped} left out: {output}, {beside}")
    if is_prompt(merged.rows[0]) and merged.language in languages():
        from ifeval_fi.curation.proof import check_prompts

        _, findings = check_prompts(str(output), language=merged.language)
        for finding in findings:
            say(f"{finding.key}: {finding.problem}; {finding.advice}")
        return 1 if findings else 0
    return 0
