"""exfig: Figma designs into iOS, Android, Flutter and Web code, many configs in one run.

The rooms of the house in the order in which data flows; docs/architecture.md walks one config through them, and
a test holds who may import whom, and this map against the tree.

 ── values, imported by all ──
  model.py                      Plain values that every room shares: identities, places, problems, API messages
  pictures.py                   Icons and images as plain values: components, renders, blobs, rasters
  manifest.py                   What exports left on disk, as plain values: files, and that an export was whole
  text_styles.py                Text styles as plain values: the type of a node, and a style under its final name
  variables.py                  Variables of Figma as plain values: collections, modes, values
  events.py                     The closed set of events: the only output of the core
  watch_events.py               The events that only a run with `--watch` emits: what changed, what runs again for it
  wishes.py                     What somebody at a watch wants of it, as plain values: from keys and signals
  errors.py                     Every failure that people can meet, in one tree
  cycles.py                     What a watch has seen so far, as a fold of its events: cycles, changes, polls
  run_state.py                  What is known of a run, as plain values: what people and machines see is drawn from it
  fold.py                       The state of a run as a fold of its events: `reduce(state, event)`, pure and total
  settings.py                   What the user asked for, from arguments and environment, as one value
  reactor.py                    The one thread on which everything happens, and the pools that work for it
  inbox.py                      What the main thread waits on while others work: no signal is lost on it
  backoff.py                    How long to wait before asking again: exponential with full jitter
  connections.py                Connections to hosts that are kept, and that another thread can cut
  silence.py                    Why a server did not answer, told from what the network libraries raised
 ── 1 paths ▷ configs ──
  __main__.py                   `exfig` and `python -m exfig_rx`: one command line to one exit code
  cli/arguments.py              How arguments are read: parsers that speak in one line, types of options, `EXFIG_<NAME>`
  cli/batch.py                  `exfig batch`, and the commands for one section of one config: settings to exit code
  cli/cache.py                  `exfig cache`: what earlier runs kept of Figma, said, dropped, or held to its bound
  cli/commands.py               The commands of `exfig` as values: what a command line asks for
  cli/completions.py            `exfig completions`: a script that lets a shell complete commands and options
  cli/config_options.py         The options of the commands that need no Figma: `validate`, `init`, `migrate` and others
  cli/doctor.py                 `exfig doctor`: is the token good, are the files reached, what is known of plan and seat
  cli/init.py                   `exfig init`: a first config, with comments
  cli/migrate.py                `exfig migrate`: an old config in today's spelling, as a new file
  cli/new_file.py               Writing a file that was not there
  cli/option_groups.py          Groups of options that several commands of a run share
  cli/options.py                Arguments and `EXFIG_*` variables to a command: which commands there are
  cli/passcode.py               The passcode of webhooks, from an environment variable that the user names
  cli/run_options.py            The options of the commands that talk to Figma, as one `Settings`
  cli/sandbox.py                `exfig sandbox`: serve the built-in Figma until it is interrupted
  cli/schema.py                 `exfig schema`: the JSON Schema of configs on standard output
  cli/token.py                  The token of a run, from the environment: the only place that reads it
  cli/watch_options.py          The options of a run that stays: what it watches, and how it lets people know
  cli/validate.py               `exfig validate`: read configs, and say everything that is wrong with them
  cli/webhook.py                `exfig webhook`: Figma's webhooks registered, listed, removed
  cli/webhook_options.py        The options of `exfig webhook`: which webhooks to look after, and how
  batch/discovery.py            Paths to configs: which files belong to a run, and each of them read and validated
  config/checks.py              Keys that only make sense together: files, sources, modes, name patterns
  config/dialect.py             Other spellings of keys, rewritten to the ones that count
  config/entries.py             What a config asks for, resolved: one `ColorEntry` per color block and platform
  config/excerpt.py             A place in a config's text, as people see it: `file:line:column`, the source line
  config/findings.py            What is wrong with one config, and what is only odd, collected while it is read
  config/foreign.py             YAML of other programs, told apart from a config that is broken
  config/json_schema.py         The dialect as a JSON Schema (draft 2020-12), for editors
  config/keys.py                What each key is for and where it may stand, for messages and for the JSON Schema
  config/layout.py              Where the entries of a YAML text stand, and how to change one without touching another
  config/migration.py           A config of an older tool in today's spelling: text to text, and what was changed
  config/mistakes.py            What the models refuse, in words: where it stands, what was expected, what was found
  config/name_rules.py          Name patterns and their replacements: does each `$n` meet a group
  config/nearest.py             What somebody may have meant by a word that nobody knows
  config/nodes.py               A YAML document as plain mappings, lists and scalars that know where they stand
  config/outline.py             The shape of a config, valid or not: which platforms export which kinds
  config/ownership.py           Which files and folders a config will own, from the config alone
  config/parse.py               The front door of the room: bytes of one file to a typed, valid config
  config/paths.py               Paths of a config as written: what in them is not expanded
  config/picture_entries.py     What a config asks for, resolved: one `PictureEntry` per block of icons or images
  config/platform_checks.py     Keys of one platform that need each other, or do nothing without each other
  config/regexps.py             Name patterns as the older tool reads them: ICU's syntax
  config/schema.py              The config dialect as typed, frozen models: one class per block, one field per key
  config/source.py              Bytes of a config file to a tree of nodes that know their line and column
  config/starter.py             A first config for somebody who has none: valid, and ready to grow
  config/syntax.py              What the YAML parser says, in words that say what to do
  config/token_entries.py       What a config asks for, resolved: one `TokenEntry` per block of design tokens
  config/tree.py                The parser's nodes to ours: aliases shared, merges resolved, duplicate keys reported
  config/typography_entries.py  What a config asks for, resolved: one `TypographyEntry` per platform with text styles
  config/values.py              The types of keys: what a scalar's text means to the key that holds it
 ── 2 configs ▷ exports ──
  session.py                    One run from the outside: sources, batch and subscribers wired together, signals
  project.py                    What a run shares with the other runs of its project, opened and closed
  consultation.py               Questions to Figma outside of a run, through the stack that a run has
  watching.py                   The sources of change of a run that stays, opened and closed
  stack.py                      The stack under the pipelines: Figma's API, downloads, rasters, opened and closed
  watch/receiver.py             What is posted to a socket, from anybody: HTTP/1.1 as far as that needs it
  watch/webhook.py              Figma's webhooks: what is sent to an address of ours, as a stream
  batch/checkup.py              `exfig doctor` as a stream: what configs need of Figma, asked at the lowest price
  batch/carrying.py             Renders that come from older versions of a file: where hashes tell that nothing changed
  batch/claims.py               Runs side by side: what a config writes belongs to one run at a time
  batch/conflicts.py            Configs that would own the same path, found before anything runs
  batch/entries.py              What of a config is wanted, and which files of Figma that takes
  batch/memory.py               What a config takes from earlier runs: versions of files, and renders
  batch/offline.py              A run that asks nothing: what it lacks, in words
  batch/pruning.py              What is left of earlier exports: which files go, and what is told of others
  batch/renders.py              The renders that a config needs: those at hand, others asked and downloaded
  batch/run.py                  Configs to events: validation and conflicts first
  batch/stop.py                 The one way to end a run before its work is done: fail-fast, conflicts, Ctrl-C
  batch/planning.py             What a config is going to make: a plan that costs no render
  batch/export.py               What a planned config makes of its renders: all its files, and what to tell
  batch/syncing.py              Names of variables that go back to Figma, once the files are in place
  batch/services.py             What the pipelines need of the world, as one value
  batch/unchanged.py            Whether a config has nothing to do: its fingerprint, and the record of its last export
  batch/writing.py              The files of one config on their way: staged, committed, with what goes
  batch/pipeline.py             One config to its events: anything to do? fetch, plan, render, stage, commit
  watch/watch.py                A run that stays: sources of change in front of the pipelines, until it is stopped
  watch/files.py                What people write to disk, as a stream: which paths below some roots were touched
  watch/places.py               Where to look for changes below some roots: folders that are there, what leads to what
  watch/snapshots.py            Changes of folders found by looking again and again, where the system tells of none
  watch/debounce.py             When what was touched counts: once nothing touched it for a while
  watch/disk.py                 The configs on disk, looked at whenever something around them was touched
  watch/roster.py               The configs of a run that stays, as they are on disk: who is new, changed, gone
  watch/cadence.py              When to ask for the version of which file: evenly, within a third of the budget
  watch/polling.py              Looks at the versions of Figma files, again and again, as a stream
  watch/designs.py              Which configs a change in Figma is about, and which editions of answers it ends
  watch/editions.py             What runs of configs share that happen at about the same time: answers, versions
  watch/jobs.py                 Whose turn it is in a run that stays: configs that wait, run, and run again
  watch/recovery.py             Configs that failed for a reason that passes: they run again when it has
  watch/outlook.py              Where changes come from, as a run that stays sees it: one value
  watch/streams.py              Streams together, listened to at once
  scheduling/budgets.py         Which budget a request counts against: one for the run
  scheduling/coalescer.py       Ask together, as late as possible: ids of any config travel in one request
  scheduling/fair_queue.py      Who goes next: one lane per config, served in turns; within a lane lower rank first
  scheduling/ledger.py          What the scheduler keeps beyond its own process: a seam, so that it knows no disk
  scheduling/limits.py          What Figma allows: plans × tiers in one table
  scheduling/lingering.py       What nobody waits for any more is let go a little later
  scheduling/lock_outs.py       What may not be asked until when: a tier of a file that was refused for long
  scheduling/pacer.py           The pace of one tier, as a pure function of (state, now)
  scheduling/permits.py         Leave to send: who may go now, and when the next one may
  scheduling/pool.py            The ids of one lookup, from all configs: who waits for which, what is on its way
  scheduling/portion.py         How many ids travel in one request: by number, which adapts to what Figma can take
  scheduling/scheduler.py       The request scheduler
  scheduling/single_flight.py   Ask once: equal questions of a run share one request
  scheduling/waiting.py         Who waits where: the right line for each and the right queue in it
  state/answers.py              Figma's answers that are kept: whole ones, items of lookups by id, hashes of nodes
  state/blobs.py                Bytes that are kept beyond a run, under their SHA-256
  state/cache.py                What a project remembers of Figma: the front door of answers, renders and upkeep
  state/exports.py              What is known of exports: the journal, the manifest, records, claims of runs
  state/index.py                The index of what is kept of Figma: versions of files, and runs that have not ended
  state/project.py              The folder of a project in which runs leave things, and who of them is still at work
  state/renders.py              Renders that are kept: which bytes Figma made of a node, by version of its file
  state/shared_file.py          One SQLite file that any number of processes write at once
  state/token.py                What all runs of a user share about a token: the last minute's sends, plans, refusals
  state/upkeep.py               What becomes of kept things in time: what counts no more is dropped, room has a bound
  figma/answers.py              Figma's JSON, read so that nothing in it can surprise: texts, numbers, maps
  figma/api.py                  What the pipelines ask of Figma, as streams of values
  figma/checkup.py              What `exfig doctor` asks of Figma, and what the answers mean: a verdict each
  figma/client.py               HTTP to Figma: one request to one answer or one error
  figma/code_syntax.py          Names of variables in code, written back to Figma
  figma/endpoints.py            Figma's REST endpoints as pure functions: what to ask, and what the answer means
  figma/file_tree.py            The trees of a file with all that is drawn in them, of which no more is kept than hashes
  figma/refusals.py             What Figma's refusals and silences mean, in words
  figma/offline.py              Figma when nobody may ask: what is missing
  figma/remembered.py           Answers that an earlier run got: looked for before Figma is asked, kept when it answers
  figma/typography.py           The type of a text node, as Figma's JSON says it, to a `TypeStyle`
  figma/retry.py                Asking again: which failures, after which waits
  figma/variables.py            The variables of a file: what to ask Figma, and what the answer means
  figma/versions.py             The version of a file: how to ask for it at the lowest price, and what the answer means
  figma/webhooks.py             Figma's webhooks: how to register, list and remove them, and what the answers mean
  download/exchange.py          One download over HTTP, blocking: an address to a blob, or to what went wrong
  download/failures.py          Why a download failed, in words
  download/kinds.py             What bytes are, by looking at them: a server's word for it is not taken
  download/pool.py              The queue of downloads of a run: whose turn it is, who waits, what is tried again
  download/store.py             The folder of blobs: bytes under their own SHA-256, so that equal bytes are one file
  load/alias_chains.py          From aliases to values: what a variable holds in a mode, through collections and files
  load/code_syntax.py           Which names of generated code go back to Figma's variables
  load/colors.py                From the published color styles of Figma files to named, paired, validated colors
  load/components.py            Which published components an entry is about: those in its frame, on its page
  load/drawings.py              What a raw name says of a drawing: its mode, its idiom, how it is rendered, and its name
  load/filters.py               Which assets are meant: the name filter of the command line
  load/final_names.py           Assets of all modes to pairs under their final names, with every fault of sets and names
  load/left_out.py              Why assets are not exported, in words
  load/modes.py                 Which collection of a file a config means, and which of its modes: by their exact names
  load/naming.py                From a name in Figma to a name in code: slash rule, regexps, words, style
  load/node_hashes.py           Hashes of components: equal as long as nothing in a node can change its picture
  load/paints.py                From the paints of a style's node to one color
  load/pairing.py               Light, dark and high-contrast assets of the same key name become one
  load/pictures.py              From the published components of Figma files to named, paired icons and images
  load/renders.py               Which renders pictures need, and the pictures with those that Figma could make
  load/styles.py                Which published styles are colors, and of which mode: by file
  load/token_styles.py          From published color styles and text styles to design tokens
  load/token_values.py          Design tokens as plain values: names, types, and what they hold in each mode
  load/token_variables.py       From the variables of a file to design tokens: collections, modes, types by scope
  load/tokens.py                From variables and published styles to the design tokens of one entry
  load/variables.py             From the color variables of a collection to named, paired, validated colors
  load/typography.py            From the published text styles of Figma files to named, validated text styles
  load/variants.py              What components of a set are called, and which are right-to-left drawings of others
  load/wording.py               How problems of a design name things: quoted names, short lists, links to nodes
 ── 3 exports ▷ files ──
  vector/cascade.py             Which declaration wins: presentation attributes, style sheets, inline styles
  vector/color_functions.py     Colors that are written as functions, `rgb(…)` to `oklch(…)`, as sRGB
  vector/color_names.py         The named colors of CSS (https://www.w3.org/TR/css-color-4/#named-colors)
  vector/compose.py             Jetpack Compose's ImageVector as Kotlin
  vector/current_color.py       Icons in the color of the text around them
  vector/curves.py              Where lines and curves go: boxes around them, points on them, their lengths and pieces
  vector/cutting.py             Outlines that have to be cut: unions, differences of lines that cross, by skia-pathops
  vector/dashes.py              Dashed lines for formats that know only solid ones: the pieces that a pattern leaves
  vector/document.py            What all parts of one SVG share while it is read: styles, ids, the viewport, a budget
  vector/drawable.py            Android's VectorDrawable as XML
  vector/drawing.py             A drawing as plain values: what an SVG means once styles
  vector/font_sizes.py          Lengths in the size of the font: `em`, `ex` and `rem` as pixels
  vector/geometry.py            Path data: text to segments, segments to text
  vector/jsx.py                 The inside of an SVG as JSX, for React components
  vector/limits.py              How much an SVG may be, told from its bytes: elements, depth, attributes, references
  vector/lowering.py            A drawing broken down to what Android's vectors know, XML and Compose alike
  vector/markup.py              XML to a tree of elements, hardened: no entities, and limits on depth
  vector/masking.py             Clip paths and masks: what of a node shows
  vector/matrices.py            Affine matrices: what transforms do to points
  vector/outline.py             Clips as one nonzero outline, for formats that know no other: unions, differences
  vector/overlap.py             Whether shapes lie over one another, which tells what the opacity of a group means
  vector/paints.py              What shapes are painted with: colors and gradients
  vector/plain.py               What Android's vectors know: groups with one clip and one placement
  vector/react.py               What React takes: names of elements and attributes, values, style objects
  vector/scoping.py             Style sheets of one drawing that leave the rest of a page alone
  vector/shapes.py              Basic shapes as path data: rect, circle, ellipse, line, polyline, polygon
  vector/stylesheet.py          Style sheets: which declarations of <style> elements an element gets
  vector/svg.py                 An SVG document to a drawing
  vector/transforms.py          Transforms: functions in attributes and in style sheets, about an origin
  vector/values.py              The values of properties: colors, lengths, numbers, references
  vector/viewports.py           How a viewBox fits into its place: of a whole document, a nested svg, a symbol
  export/android.py             Colors for Android: resource files for day and night, and functions for Compose
  export/android_drawables.py   Drawables of Android: vectors as XML, rasters in one folder for each density
  export/android_names.py       Names on Android: what aapt takes for a resource, and what Kotlin takes
  export/android_paths.py       Path data in fewer characters, for a limit on decimals or on length
  export/android_pictures.py    Icons and images for Android: names checked, then drawables, then Kotlin for Compose
  export/android_targets.py     Where the icons and images of Android go, and under which names
  export/android_typography.py  Typography for Android: a resource file of styles, and text styles for Compose
  export/android_vectors.py     Pictures as drawings that Android's vectors hold: numbers rounded, path data kept short
  export/channels.py            Colors as text: channels to bytes, hex digits and decimals
  export/compose_icons.py       Icons for Jetpack Compose: one ImageVector a file, or one Icons.kt a package
  export/files.py               Files that renderers hand over: joined paths, encoded text
  export/flutter.py             Colors for Flutter: one Dart file
  export/flutter_pictures.py    Icons and images for Flutter: asset files, and a Dart class with the path of each
  export/image_sets.py          Image sets of an Xcode asset catalog: which files a picture has, what they are called
  export/ios.py                 Colors for iOS: color sets in an asset catalog
  export/ios_pictures.py        Icons and images for iOS: image sets in an asset catalog, and Swift that looks them up
  export/ios_typography.py      Typography for iOS: fonts for UIKit and SwiftUI, and labels that bring their style along
  export/ios_slots.py           What people should know about where Xcode shows their pictures: idioms without slots
  export/ios_targets.py         Where the icons and images of iOS go, and under which names
  export/jinja_counting.py      What a Jinja template does, counted: calls of the budget put into its tree
  export/jinja_filters.py       Jinja's filters and methods of texts, each within the budget of its rendering
  export/jinja_sandbox.py       The Jinja rim: templates sandboxed, within a budget, and their errors in words
  export/names.py               Names in generated code: what a language allows, which colors clash, and how to say so
  export/picture_paths.py       Paths of pictures: as they are written, and who else writes them
  export/pictures.py            What every exporter of icons and images shares: picture by picture
  export/stencil.py             Stencil templates of other tools, as they are: text to a program
  export/stencil_expressions.py Expressions of Stencil: names, literals, ranges, filters, conditions
  export/stencil_filters.py     The filters of Stencil and StencilSwiftKit that templates of exporters use
  export/stencil_lexer.py       A Stencil template as pieces, and the words inside its tags
  export/stencil_nodes.py       Parts of a Stencil template: text, values, conditions, loops, names
  export/stencil_parts.py       Parts of a Stencil template that lead elsewhere: files, blocks, macros
  export/stencil_reading.py     The words of a Stencil tag to an expression
  export/stencil_run.py         A Stencil template while it is rendered: programs, scopes, early ends of loops
  export/stencil_swift.py       What Swift says about names, for the filters of Stencil templates
  export/stencil_values.py      What values mean in Stencil: what is in them, whether they are true or equal
  export/svg_files.py           SVG files that are stored as Figma sent them
  export/swift.py               What all generated Swift shares: properties that look assets up, the bundle
  export/swift_pictures.py      Swift for icons and images: properties of UIImage and Image, and views for Code Connect
  export/template_faults.py     What is wrong with a template, and the error that it becomes
  export/template_files.py      Which file a template's name means: one of the user's folder, else a built-in one
  export/template_limits.py     How much one rendering may do: steps, characters, items, widths
  export/template_patterns.py   Patterns that templates bring: `replace` with a regular expression
  export/template_text.py       How values print in templates, in both languages: as Swift prints them
  export/templates.py           The front door of templates: one of one platform and its variables become text
  export/theme_attributes.py    Theme attributes of Android: an attribute for each color, which themes set
  export/token_tree.py          The tree of a token file: names from Figma as nested groups that the format takes
  export/tokens.py              Design tokens as files of the DTCG format: one file, or one for each mode
  export/web.py                 Colors for the Web: custom properties in CSS, their names in TypeScript
  export/web_components.py      React components of icons and images: their names, and their text
  export/web_pictures.py        Icons and images for the Web: SVG files, React components, and their indexes
  export/xcassets.py            Asset catalogs of Xcode: color sets, and what sets of every type share
  raster/document.py            An SVG as the renderer may have it: checked, and with whole pixels for its size
  raster/draw.py                One picture: the bytes of an SVG or PNG become those of a PNG, JPG, WebP or HEIC
  raster/oddities.py            What is odd about the renders of a picture: nothing in it, not the size it should have
  raster/png.py                 What a PNG says without a picture library: its size, and whether anything is in it
  raster/pool.py                Pictures to make, as a stream: rasters of all configs in turns over all cores
  raster/processes.py           Worker processes, each with a thread that talks to it: rasters in, outcomes out
  raster/worker.py              A worker process: orders come in as lines, pictures are stored
  output/faults.py              What the system refuses, as an error that names the file and says what to do
  output/intact.py              Whether a file still has the bytes that a commit gave it
  output/journal.py             What a commit writes down before it acts: values, and a seam
  output/placing.py             What a commit does to the tree after the seal; and the same begun anew, forward or back
  output/planning.py            What a commit will do, decided in full before it does anything
  output/recovery.py            What runs that died left half done: finished, or taken back, at the next start
  output/sections.py            Sections of ours in files of the user: the lines between two comments
  output/staging.py             Files on their way: written beside their targets, where nobody takes them for real ones
  output/targets.py             Where files of an export really go: each configured path to one real file
  output/texts.py               Values of the journal and of the manifest as JSON, and back
  output/transaction.py         The one writer of project files: stage everything, write down what will happen, do it
 ── 4 events ▷ subscribers ──
  ui/cache.py                   What `exfig cache` says: what is kept of Figma, and what was dropped of it
  ui/checkup.py                 What `exfig doctor` says: a line for each thing that was looked at, and what to do
  ui/console.py                 Where text goes: a Rich console for one stream, right for its terminal
  ui/dashboard.py               The dashboard of a watch: `view(state, look, …)` draws one moment
  ui/json_values.py             Values of the model as JSON: times, problems, conflicts, counts
  ui/keys.py                    Single keys of a terminal by their names: `up`, `pagedown`, `escape`, or the character
  ui/live.py                    The live screen: `view(state, …)` draws one moment
  ui/look.py                    Where somebody looks on the dashboard, and what a key does to that: pure
  ui/ndjson.py                  Events as lines of JSON (`--events ndjson`), in the schema of `events.schema.json`
  ui/notices.py                 A bell and notices of the desktop when an export fails, for whoever looks elsewhere
  ui/panels.py                  Panels of the dashboard: the keys, what is wrong with one config in full, warnings
  ui/plain.py                   Progress as lines, for pipes, CI logs and `--verbose`
  ui/plain_watch.py             A watch as lines: what changed, what waits for it, and what each cycle came to
  ui/problems.py                Problems and conflicts in words: the one place that formats them for people
  ui/progress.py                How a run is followed while it goes: live on a terminal, in lines elsewhere
  ui/question.py                Questions to whoever sits at the terminal
  ui/recording.py               Recorded moments of runs, for the picture in the README
  ui/report.py                  The JSON report of a run, in the schema of `report.schema.json` (see docs/report.md)
  ui/screen_parts.py            Pieces that every live screen is made of: lines, bars, rate, pause, phase
  ui/summary.py                 The end of a run on paper: a table of configs, every error in full, and one last line
  ui/validation.py              What `exfig validate` and `exfig migrate` say: every problem in full, one last line
  ui/watch_rows.py              The lines of the dashboard: budgets and polls, a line for each config, changes, the keys
  ui/webhooks.py                What `exfig webhook` says: a row for each webhook, and what became of it
  ui/wording.py                 Small pieces of text that several views share: counts, seconds, safe names
 ── a Figma to play with ──
  sandbox/api.py                The REST subset: which path is which endpoint, in which tier, and what it answers
  sandbox/design.py             The design that the sandbox holds: files as short, hand-writable JSON
  sandbox/faults.py             Faults on demand: which requests go wrong, how, and how often, as plain data
  sandbox/limits.py             The rate limits that the sandbox enforces: so many requests of a tier in any window
  sandbox/payloads.py           What Figma answers about a file: meta, styles, components, variables
  sandbox/renders.py            Pictures of a component in the formats of Figma's image endpoint
  sandbox/replies.py            Replies of the API, of the storage of pictures and of their faults, as HTTP answers
  sandbox/server.py             A small Figma on the loopback: `Sandbox` serves a design over real HTTP, with limits
  sandbox/tree.py               The document tree of a file: pages, frames, components
  sandbox/webhooks.py           The webhooks of the sandbox: who wants to know, of what, and the notices that leave
  sandbox/wire.py               HTTP/1.1 on a socket: bytes in, requests out; answers in, bytes out
"""

__version__ = "0.1.0"
