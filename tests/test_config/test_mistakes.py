"""What users get wrong, and what they read about it: place, what was expected and found, what to do."""

import pytest

from tests.test_config.reading import (
    ANDROID,
    COMPOSE,
    FIGMA,
    FLUTTER,
    IOS,
    IOS_COLORS,
    SOURCE,
    WEB,
    accepted,
    read,
    rejected,
    the_error,
    the_warning,
)

ICONS = "format: pdf, assetsFolder: Icons, nameStyle: camelCase"
IMAGES = "assetsFolder: Images, nameStyle: camelCase"
COLORS = "useColorAssets: true, assetsFolder: Colors, nameStyle: camelCase"

ERRORS = {
    "a name style in camelCase spelling of snake_case": (
        IOS + f"  icons: {{ {ICONS.replace('camelCase', 'snakeCase')} }}\n",
        "5:57 ios.icons.nameStyle: expected snake_case, camelCase, PascalCase, kebab-case or "
        'SCREAMING_SNAKE_CASE, found "snakeCase"'
        " | Did you mean snake_case?",
    ),
    "a name style with an underscore too many": (
        IOS + f"  icons: {{ {ICONS.replace('camelCase', 'camel_case')} }}\n",
        'expected camelCase, snake_case, PascalCase, kebab-case or SCREAMING_SNAKE_CASE, found "camel_case" '
        "| Did you mean camelCase?",
    ),
    "a name style in other programs' words": (
        IOS + f"  icons: {{ {ICONS.replace('camelCase', 'UPPER')} }}\n",
        'expected SCREAMING_SNAKE_CASE, camelCase, snake_case, PascalCase or kebab-case, found "UPPER" | Did '
        "you mean SCREAMING_SNAKE_CASE?",
    ),
    "a word in another letter case": (
        IOS + f"  icons: {{ {ICONS.replace('pdf', 'PDF')} }}\n",
        '5:20 ios.icons.format: expected pdf or svg, found "PDF" | Write pdf: letter case counts.',
    ),
    "a format that iOS icons don't have": (
        IOS + f"  icons:\n    - {{ {ICONS} }}\n    - {{ {ICONS.replace('pdf', 'png')} }}\n",
        '7:17 ios.icons[1].format: expected pdf or svg, found "png"',
    ),
    "an encoding in another letter case": (
        ANDROID + "  images: { output: x, format: webp, webpOptions: { encoding: Lossless } }\n",
        '4:63 android.images.webpOptions.encoding: expected lossless or lossy, found "Lossless" | Write '
        "lossless: letter case counts.",
    ),
    "webpOptions without encoding": (
        ANDROID + "  images: { output: x, format: webp, webpOptions: { quality: 3 } }\n",
        "4:38 android.images.webpOptions.encoding: encoding is missing. Kind of compression. | Write encoding: lossy",
    ),
    "a required key that is not there": (
        FIGMA + "ios:\n  xcassetsInMainBundle: true\n  icons: { " + ICONS + " }\n",
        "2:1 ios.xcassetsPath: xcassetsPath is missing. The asset catalog that receives colors, icons and images."
        " | Write xcassetsPath: App/Assets.xcassets",
    ),
    "a required key without a value": (
        FIGMA + "android:\n  mainRes:\n  colors: {}\n",
        "3:3 android.mainRes: mainRes is empty. The res folder of the Android module. | Write mainRes: "
        "app/src/main/res",
    ),
    "a required key of an entry": (
        ANDROID + "  icons:\n    - output: a\n    - composeFormat: resourceReference\n",
        "6:7 android.icons[1].output: output is missing.",
    ),
    "a block of 2020 without useColorAssets": (
        IOS + "  colors: { nameStyle: camelCase, colorSwift: A.swift }\n",
        "5:3 ios.colors.useColorAssets: useColorAssets is missing. Whether colors are color sets in the "
        "asset catalog (true)"
        " or values in code (false). | Write useColorAssets: true",
    ),
    "a bool in quotes": (
        IOS + '  colors: { useColorAssets: "true", assetsFolder: Colors, nameStyle: camelCase }\n',
        '5:29 ios.colors.useColorAssets: expected a bool without quotes, found "true" in quotes | Write true or false.',
    ),
    "a number for a bool": (
        IOS + "  typography: { nameStyle: camelCase, generateLabels: 1 }\n",
        'ios.typography.generateLabels: expected a bool without quotes, found "1" | Write true or false.',
    ),
    "a fraction for a whole number": (
        WEB + "  icons: { outputDirectory: icons, iconSize: 24.0 }\n",
        '4:46 web.icons.iconSize: expected a whole number without quotes, found "24.0" | Write 24.',
    ),
    "a number in quotes": (
        'figma: { lightFileId: Lb9HarborLibrary00000001, timeout: "60" }\nandroid: { mainRes: res, colors: {} }\n',
        '1:58 figma.timeout: expected a number without quotes, found "60" in quotes | A usual value is timeout: 30',
    ),
    "a time-out of nothing": (
        "figma: { lightFileId: Lb9HarborLibrary00000001, timeout: 0 }\nandroid: { mainRes: res, colors: {} }\n",
        'figma.timeout: expected more than 0, found "0"',
    ),
    "one scale instead of a list": (
        IOS + f"  images: {{ {IMAGES}, scales: 2 }}\n",
        'ios.images.scales: expected a list, found "2" | Write [2].',
    ),
    "scales in one text": (
        IOS + f'  images: {{ {IMAGES}, scales: "1,2,3" }}\n',
        'ios.images.scales: expected a list, found "1,2,3" in quotes | Write [1, 2, 3].',
    ),
    "one pattern instead of a list": (
        IOS + f'  icons: {{ {ICONS}, preservesVectorRepresentation: "*" }}\n',
        'ios.icons.preservesVectorRepresentation: expected a list, found "*" in quotes | Write ["*"].',
    ),
    "a scale that iOS doesn't have": (
        IOS + f"  images: {{ {IMAGES}, scales: [1, 2, 4] }}\n",
        'ios.images.scales[2]: expected 1, 2 or 3, found "4"',
    ),
    "colors in a list without a source": (
        IOS + f"  colors:\n    - {{ {COLORS} }}\n",
        "6:7 ios.colors[0]: a block of colors in a list needs its own source: tokensFileId, tokensCollectionName, "
        "lightModeName | Add them, or drop the dash to use common.variablesColors or common.colors.",
    ),
    "colors in a list with half a source": (
        ANDROID + "  colors:\n    - { tokensFileId: Vq3HarborTokens000000001, lightModeName: Day }\n",
        "5:7 android.colors[0].tokensCollectionName: tokensCollectionName is missing. Exact name of the "
        "variable collection.",
    ),
    "a source in colors that are no list": (
        ANDROID + f"  colors: {SOURCE}\n",
        "4:13 android.colors.tokensFileId: tokensFileId, tokensCollectionName and lightModeName belong in "
        "the list form of "
        "colors | Write it as a list: put `- ` before the first key of the block.",
    ),
    "two sources of colors": (
        ANDROID + f"  colors: {{}}\ncommon:\n  colors: {{}}\n  variablesColors: {SOURCE}\n",
        "7:3 common.variablesColors: common.colors and common.variablesColors exclude each other; "
        "android.colors can't use "
        "both | Delete one:",
    ),
    "no figma": (
        "android: { mainRes: res, colors: {}, icons: { output: x }, typography: { nameStyle: camelCase } }\n",
        "figma.lightFileId: figma.lightFileId is missing; android.colors, android.icons and android.typography need it",
    ),
    "a URL as file id": (
        "figma: { lightFileId: 'https://www.figma.com/design/Ab12Cd34/Harbor?node-id=1-2' }\n"
        "android: { mainRes: res, colors: {} }\n",
        "1:23 figma.lightFileId: expected a file id, found a Figma URL | Write Ab12Cd34, the id in this URL.",
    ),
    "a URL of a branch as file id": (
        "figma: { lightFileId: 'https://www.figma.com/design/Ab12Cd34/branch/Ef56/Harbor' }\n"
        "android: { mainRes: res, colors: {} }\n",
        "Write Ef56, the id in this URL.",
    ),
    "a node id as file id": (
        "figma: { lightFileId: 12:34 }\nandroid: { mainRes: res, colors: {} }\n",
        'figma.lightFileId: expected a file id, found the node id "12:34"',
    ),
    "a placeholder as file id": (
        "figma: { lightFileId: YOUR_FILE_ID }\nandroid: { mainRes: res, colors: {} }\n",
        'figma.lightFileId: still the sample value "YOUR_FILE_ID"',
    ),
    "the sample id of the older tool's documents": (
        "figma: { lightFileId: shPilWnVdJfo10YF12345 }\nandroid: { mainRes: res, colors: {} }\n",
        'still the sample value "shPilWnVdJfo10YF12345"',
    ),
    "a variable as file id": (
        "figma: { lightFileId: $FIGMA_FILE }\nandroid: { mainRes: res, colors: {} }\n",
        'still the sample value "$FIGMA_FILE" | Variables are not expanded here.',
    ),
    "a key one block too high": (
        IOS_COLORS + "  figmaFrameName: Icons\n",
        '6:3 ios.figmaFrameName: unknown key "figmaFrameName" | It belongs in ios.icons or ios.images.',
    ),
    "a key of an output in common": (
        IOS + f"  icons: {{ {ICONS} }}\ncommon:\n  icons: {{ format: pdf }}\n",
        'common.icons.format: unknown key "format" | It belongs in ios.icons, android.images or flutter.images.',
    ),
    "a file id at the top": (
        IOS_COLORS + "lightFileId: x\n",
        'lightFileId: unknown key "lightFileId" | It belongs in figma.',
    ),
    "colors at the top": (
        IOS_COLORS + "colors: {}\n",
        'colors: unknown key "colors" | It belongs in common, ios, android, flutter or web.',
    ),
    "a platform below common": (
        IOS_COLORS + "common:\n  android: {}\n",
        '7:3 common.android: unknown key "android" | It belongs at the top level.',
    ),
    "a misspelt key": (
        IOS_COLORS + "  resourceBundelNames: [a]\n",
        'ios.resourceBundelNames: unknown key "resourceBundelNames" | Did you mean resourceBundleNames?',
    ),
    "a misspelt key without a value": (
        IOS_COLORS + "  iconz:\n",
        'ios.iconz: unknown key "iconz" | Did you mean icons?',
    ),
    "a key in snake_case": (
        IOS_COLORS + "  templates_path: t\n",
        'ios.templates_path: unknown key "templates_path" | Did you mean templatesPath?',
    ),
    "a key in another letter case": (
        IOS + f"  icons: {{ {ICONS}, swiftuiImageSwift: A.swift }}\n",
        "Did you mean swiftUIImageSwift?",
    ),
    "a key in capitals": (
        IOS_COLORS + "  TARGET: App\n",
        'ios.TARGET: unknown key "TARGET" | Did you mean target?',
    ),
    "a misspelt platform": (
        IOS_COLORS + "andriod: {}\n",
        'andriod: unknown key "andriod" | Did you mean android?',
    ),
    "a key that resembles none": (
        IOS + "  typography: { nameStyle: camelCase, generateLabels: false, zzz: 1 }\n",
        "Known here: fontSwift, generateLabels, labelStyleSwift, labelsDirectory, nameStyle, swiftUIFontSwift.",
    ),
    "a key of later versions": (
        IOS + f"  icons: {{ {ICONS}, penpotSource: x }}\n",
        'unknown key "penpotSource" | It is known in ExFig 2 and later, not in this dialect.',
    ),
    "a key of a platform that later versions have in entries": (
        IOS + f"  icons: {{ {ICONS}, xcassetsPath: A.xcassets }}\n",
        'ios.icons.xcassetsPath: unknown key "xcassetsPath" | It is known in ExFig 2 and later; here it '
        "belongs in ios.",
    ),
    "a key of early versions": (
        IOS + "  typography: { nameStyle: camelCase, generateLabels: false, generateComponents: true }\n",
        'unknown key "generateComponents" | figma-export renamed it in 2020; today it is generateLabels.',
    ),
    "groups of images with names": (
        IOS + f"  images: {{ {IMAGES}, onboarding: {{ {IMAGES} }} }}\n",
        'ios.images.onboarding: unknown key "onboarding" | Groups have no names here: write a list',
    ),
    "a group that is not there": (
        IOS
        + f"  icons: {{ {ICONS} }}\ncommon:\n"
        + "  icons: { nameValidateRegexp: '^(a)_(b)$', nameReplaceRegexp: 'x_$3' }\n",
        '7:64 common.icons.nameReplaceRegexp: $3 is not there: the pattern "^(a)_(b)$" has 2 groups, $1 to $2'
        " | Put ( ) around the part of common.icons.nameValidateRegexp that $3 stands for.",
    ),
    "a group of a pattern without groups": (
        IOS + "  typography: { nameStyle: camelCase, generateLabels: false }\n"
        "common:\n  typography: { nameValidateRegexp: '^[a-zA-Z0-9_]+$', nameReplaceRegexp: 'font_$1' }\n",
        '$1 is not there: the pattern "^[a-zA-Z0-9_]+$" has no groups',
    ),
    "an entry's pattern that meets common's replacement": (
        IOS + f"  icons: [{{ {ICONS}, nameValidateRegexp: '^x$' }}]\n"
        "common:\n  icons: { nameValidateRegexp: '^(a)$', nameReplaceRegexp: 'i_$1' }\n",
        'common.icons.nameReplaceRegexp: $1 is not there: the pattern "^x$" has no groups'
        " | Put ( ) around the part of ios.icons[0].nameValidateRegexp that $1 stands for.",
    ),
    "an entry's replacement that meets common's pattern": (
        IOS + f"  icons: [{{ {ICONS}, nameReplaceRegexp: 'i_$2' }}]\n"
        "common:\n  icons: { nameValidateRegexp: '^(a)$' }\n",
        'ios.icons[0].nameReplaceRegexp: $2 is not there: the pattern "^(a)$" has one group, $1'
        " | Put ( ) around the part of common.icons.nameValidateRegexp that $2 stands for.",
    ),
    "a group as in other languages": (
        IOS
        + f"  icons: {{ {ICONS} }}\ncommon:\n  icons: {{ nameValidateRegexp: '^(a)$', nameReplaceRegexp: 'x_\\1' }}\n",
        "7:63 common.icons.nameReplaceRegexp: \\1 is not a group here but plain text | Write $1.",
    ),
    "a group in braces": (
        IOS
        + f"  icons: {{ {ICONS} }}\ncommon:\n"
        + "  icons: { nameValidateRegexp: '^(a)$', nameReplaceRegexp: 'x_${1}' }\n",
        "${1} is not a group here but plain text | Write $1.",
    ),
    "a pattern that does not compile": (
        IOS + f"  icons: {{ {ICONS} }}\ncommon:\n  icons: {{ nameValidateRegexp: '^it''s_(a$' }}\n",
        "7:43 common.icons.nameValidateRegexp: this pattern does not compile: missing ) at its end",
    ),
    "a pattern in double quotes": (
        IOS_COLORS + 'common:\n  icons: { nameValidateRegexp: "^\\d+$" }\n',
        "7:34: this backslash means nothing inside double quotes | Put single quotes around regular expressions",
    ),
    "Compose without its sources": (
        ANDROID + "  colors: { composePackageName: app.harbor }\n",
        "4:13 android.colors.composePackageName: composePackageName needs android.mainSrc and android.resourcePackage: "
        "no Compose code would be written | Write mainSrc: app/src/main/java in android",
    ),
    "Compose in a file of its own, without the package of R": (
        ANDROID + "  colors: { composePackageName: app.harbor, colorKotlin: C.kt }\n",
        "composePackageName needs android.resourcePackage: no Compose code",
    ),
    "a Kotlin file without a package": (
        COMPOSE + "  colors: { colorKotlin: C.kt }\n",
        "6:13 android.colors.composePackageName: colorKotlin needs composePackageName",
    ),
    "image vectors without a package": (
        COMPOSE + "  icons: { output: x, composeFormat: imageVector }\n",
        "android.icons.composePackageName: composeFormat: imageVector needs composePackageName",
    ),
    "typography in Compose without its sources": (
        ANDROID + "  typography: { nameStyle: camelCase, composePackageName: app.harbor }\n",
        "android.typography.composePackageName: composePackageName needs android.mainSrc and android.resourcePackage",
    ),
    "a package with a path in it": (
        COMPOSE + "  colors: { composePackageName: ../../etc }\n",
        'expected a package of letters, digits, _ and dots, found "../../etc"',
    ),
    "labels without a folder": (
        IOS + "  typography: { nameStyle: camelCase, generateLabels: true }\n",
        "5:39 ios.typography.labelsDirectory: generateLabels: true needs labelsDirectory",
    ),
    "code syntax without a template": (
        IOS + f"  colors: [{{ {COLORS}, syncCodeSyntax: true, {SOURCE[2:-2]} }}]\n",
        "ios.colors[0].codeSyntaxTemplate: syncCodeSyntax: true needs codeSyntaxTemplate",
    ),
    "code syntax without variables": (
        IOS + f"  colors: {{ {COLORS}, syncCodeSyntax: true, codeSyntaxTemplate: 'C.{{name}}' }}\n",
        "ios.colors.syncCodeSyntax: syncCodeSyntax needs colors from variables: only variables have code syntax",
    ),
    "a template without the name": (
        IOS + f"  colors: {{ {COLORS}, codeSyntaxTemplate: Color.name }}\n",
        "ios.colors.codeSyntaxTemplate: codeSyntaxTemplate without {name} gives all variables the same text",
    ),
    "color sets without a folder": (
        IOS + "  colors: { useColorAssets: true, nameStyle: camelCase }\n",
        "ios.colors.assetsFolder: useColorAssets: true needs assetsFolder",
    ),
    "colors in code without a file": (
        IOS + "  colors: { useColorAssets: false, nameStyle: camelCase }\n",
        "5:29 ios.colors.useColorAssets: nothing would be written: no color sets, and neither colorSwift nor "
        "swiftuiColorSwift",
    ),
    "an empty list of entries": (
        ANDROID + "  icons: []\n",
        "4:10 android.icons: an empty list exports nothing | Remove the key, or add an entry.",
    ),
    "a null in a list": (
        IOS_COLORS + "  resourceBundleNames: [a, ~]\n",
        "ios.resourceBundleNames[1]: expected text, found nothing",
    ),
    "a list where a block belongs": (
        IOS + "  typography: [{ nameStyle: camelCase, generateLabels: false }]\n  icons: { " + ICONS + " }\n",
        "5:15 ios.typography: expected a block of keys, found a list",
    ),
    "a word where blocks belong": (
        ANDROID + "  colors: true\n  icons: { output: x }\n",
        '4:11 android.colors: expected a block of keys, or a list of such blocks, found "true"',
    ),
}


@pytest.mark.parametrize(("text", "expected"), ERRORS.values(), ids=ERRORS.keys())
def test_a_mistake_is_told_with_its_place_and_what_to_do(text: str, expected: str) -> None:
    assert expected in read(the_error(text))


WARNINGS = {
    "a suffix without a single file": (
        IOS_COLORS + "common:\n  colors: { useSingleFile: false, darkModeSuffix: _night }\n",
        "7:35 common.colors.darkModeSuffix: darkModeSuffix has no effect without useSingleFile: true",
    ),
    "a dark file beside single files": (
        "figma: { lightFileId: Lb9HarborLibrary00000001, darkFileId: Db9HarborLibrary00000002 }\n"
        "common: { colors: { useSingleFile: true } }\nandroid: { mainRes: res, colors: {} }\n",
        "1:49 figma.darkFileId: darkFileId has no effect",
    ),
    "a file of high contrast that nobody reads": (
        "figma: { lightFileId: Lb9HarborLibrary00000001, lightHighContrastFileId: Hb9HarborLibrary00000003 }\n"
        "android: { mainRes: res, colors: {} }\n",
        "lightHighContrastFileId has no effect: only colors from styles on iOS and Flutter use it",
    ),
    "a replacement without a pattern": (
        ANDROID + "  icons: { output: x }\ncommon:\n  icons: { nameReplaceRegexp: 'icon_$1' }\n",
        "6:31 common.icons.nameReplaceRegexp: nameReplaceRegexp has no effect without nameValidateRegexp",
    ),
    "a replacement that makes all names equal": (
        ANDROID
        + "  icons: { output: x }\ncommon:\n  icons: { nameValidateRegexp: '^(a)$', nameReplaceRegexp: icon }\n",
        'common.icons.nameReplaceRegexp: every name that matches becomes "icon" | Use $1',
    ),
    "a pattern with a slash": (
        ANDROID + "  icons: { output: x }\ncommon:\n  icons: { nameValidateRegexp: '^ui/(.*)$' }\n",
        "common.icons.nameValidateRegexp: this pattern has a `/`, and never matches: names have `_` where "
        "Figma shows `/`",
    ),
    "common.variablesColors beside lists only": (
        f"common:\n  variablesColors: {SOURCE}\nandroid:\n  mainRes: res\n  colors: [{SOURCE}]\n",
        "2:3 common.variablesColors: common.variablesColors is not used: each block of colors is in a list",
    ),
    "no XML and no Compose": (
        ANDROID + "  colors: { xmlDisabled: true }\n",
        "4:26 android.colors.xmlDisabled: nothing would be written: xmlDisabled is true, and there is no "
        "composePackageName",
    ),
    "label styles without labels": (
        IOS + "  typography: { nameStyle: camelCase, generateLabels: false, fontSwift: F, labelStyleSwift: L.swift }\n",
        "ios.typography.labelStyleSwift: labelStyleSwift has no effect without generateLabels: true",
    ),
    "text styles without an output": (
        IOS + "  typography: { nameStyle: camelCase, generateLabels: false }\n",
        "ios.typography.generateLabels: nothing would be written: no labels, and neither fontSwift nor swiftUI",
    ),
    "keys of components without components": (
        "figma: { lightFileId: Lb9HarborLibrary00000001 }\n"
        "web: { output: o, icons: { generateReactComponents: false, iconSize: 20 } }\n",
        "web.icons.iconSize: iconSize has no effect with generateReactComponents: false",
    ),
    "a base for pictures that are imported": (
        "figma: { lightFileId: Lb9HarborLibrary00000001 }\n"
        "web: { output: o, images: { imageImport: relative, imageBase: /img } }\n",
        "web.images.imageBase: imageBase has no effect with imageImport: relative",
    ),
    "HEIC options without HEIC": (
        IOS + f"  images: [{{ {IMAGES}, heicOptions: {{ quality: 80 }} }}]\n",
        "ios.images[0].heicOptions: heicOptions has no effect without outputFormat: heic",
    ),
    "WebP options without WebP": (
        FLUTTER + "  images: { output: assets, webpOptions: { encoding: lossy } }\n",
        "flutter.images.webpOptions: webpOptions has no effect without format: webp",
    ),
    "a suffix of the other render mode": (
        IOS + f"  icons: {{ {ICONS}, renderModeTemplateSuffix: _t }}\n",
        "ios.icons.renderModeTemplateSuffix: renderModeTemplateSuffix has no effect while renderMode is template",
    ),
    "the cache file of the older tool": (
        ANDROID + "  colors: {}\ncommon: { cache: { path: x.json } }\n",
        "common.cache.path: cache.path has no effect: what is known of Figma is kept in .exfig/",
    ),
    "an Xcode project that the older tool would edit": (
        IOS + "  xcodeprojPath: App.xcodeproj\n  xcassetsInSwiftPackage: false\n"
        f"  colors: {{ {COLORS}, colorSwift: C.swift }}\n",
        "5:3 ios.xcodeprojPath: Xcode projects are not edited",
    ),
    "an output folder that is written twice": (
        WEB + "  icons: { outputDirectory: design/icons }\n",
        "web.icons.outputDirectory: outputDirectory is below web.output: the files go to site/src/design/design/icons",
    ),
    "a key that the older tool reads in lists only": (
        ANDROID + "  icons: { output: x, figmaFrameName: Flags }\n",
        "4:23 android.icons.figmaFrameName: ExFig 1.3.2 ignores figmaFrameName here; it is honoured now",
    ),
    "nothing to export": (
        "figma: { lightFileId: Lb9HarborLibrary00000001 }\nandroid: { mainRes: res }\n",
        "nothing to export: no platform has colors, icons, images or typography",
    ),
    "a kind without a value": (
        ANDROID + "  icons: { output: x }\n  colors:\n",
        "5:3 android.colors: android.colors is empty, so it is not exported | Write colors: {}",
    ),
    "an escape in a path": (
        FIGMA + "android:\n  mainRes: My%20App/res\n  colors: {}\n",
        "3:12 android.mainRes: a `%` escape is taken literally in a path",
    ),
    "a home folder in a path": (
        FIGMA + "android:\n  mainRes: ~/app/res\n  colors: {}\n",
        "android.mainRes: `~` is taken literally in a path",
    ),
}


@pytest.mark.parametrize(("text", "expected"), WARNINGS.values(), ids=WARNINGS.keys())
def test_what_looks_different_than_it_works_is_a_warning(text: str, expected: str) -> None:
    assert expected in read(the_warning(text))


FOLDERS = ("''", ".", "..", "/", "/a", "a/../..", "./")


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize(
    ("text", "key"),
    [
        (IOS + "  icons: { format: pdf, nameStyle: camelCase, assetsFolder: FOLDER }\n", "ios.icons.assetsFolder"),
        (IOS + "  images: { nameStyle: camelCase, assetsFolder: FOLDER }\n", "ios.images.assetsFolder"),
        (ANDROID + "  images: { format: png, output: FOLDER }\n", "android.images.output"),
        (WEB + "  icons: { svgDirectory: FOLDER }\n", "web.icons.svgDirectory"),
        (WEB + "  images: { assetsDirectory: FOLDER }\n", "web.images.assetsDirectory"),
    ],
)
def test_a_folder_that_the_export_would_clear_must_be_its_own(text: str, key: str, folder: str) -> None:
    problem = the_error(text.replace("FOLDER", folder))
    assert problem.code == "config.path"
    assert problem.location is not None
    assert problem.location.key == key


@pytest.mark.parametrize("folder", ["''", ".", "..", "/", "../.."])
def test_an_asset_folder_of_flutter_is_never_the_working_directory_or_above(folder: str) -> None:
    assert the_error(FLUTTER + f"  icons: {{ output: {folder} }}\n").code == "config.path"


def test_paths_that_are_fine_stay_as_they_are() -> None:
    web = accepted(WEB + "  icons: { outputDirectory: . }\n").config.web
    flutter = accepted(FLUTTER + "  icons: { output: ../app/assets, dartFile: sub/icons.dart }\n").config.flutter
    assert web is not None and web.icons[0].output_directory == "."
    assert flutter is not None and flutter.icons[0].output == "../app/assets"
    assert flutter.icons[0].dart_file == "sub/icons.dart"


@pytest.mark.parametrize("name", ["../x.dart", "/x.dart", ".", "sub/"])
def test_a_file_name_stays_in_its_folder(name: str) -> None:
    assert the_error(FLUTTER + f"  colors: {{ output: {name} }}\n").code == "config.path"


def test_only_theme_files_may_climb() -> None:
    theme = "themeAttributes: { themeName: Theme.Harbor, stylesFile: ../other/styles.xml }"
    android = accepted(ANDROID + f"  colors: {{ {theme} }}\n").config.android
    assert android is not None and android.colors[0].theme_attributes is not None
    assert android.colors[0].theme_attributes.styles_file == "../other/styles.xml"
    assert the_error(ANDROID + f"  colors: {{ {theme.replace('../other', '/other')} }}\n").code == "config.path"


def test_a_file_url_is_the_path_in_it() -> None:
    android = accepted(FIGMA + "android:\n  mainRes: file:///srv/My%20App/res\n  colors: {}\n").config.android
    assert android is not None and android.main_res == "/srv/My App/res"


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    problems = rejected(
        "figma: { lightFileId: 1:2, timeout: soon }\n"
        "ios:\n"
        "  icons:\n"
        "    - { format: PDF, assetsFolder: Icons, nameStyle: camelCase }\n"
        "    - { format: svg, assetsFolder: .., nameStyle: camelCase, nameStlye: x }\n"
        "  colors: { useColorAssets: true, nameStyle: camelCase }\n"
        "andriod: {}\n"
    )
    assert [(problem.location and problem.location.key) for problem in problems] == [
        "figma.lightFileId",
        "figma.timeout",
        "ios.xcassetsPath",
        "ios.xcassetsInMainBundle",
        "ios.icons[0].format",
        "ios.icons[1].assetsFolder",
        "ios.icons[1].nameStlye",
        "ios.colors.assetsFolder",
        "andriod",
    ]


def test_the_source_line_stands_under_the_message_with_a_caret() -> None:
    problem = the_error(IOS + "  icons: { format: png, assetsFolder: Icons, nameStyle: camelCase }\n")
    assert problem.excerpt == (
        "  icons: { format: png, assetsFolder: Icons, nameStyle: camelCase }\n                   ^"
    )


def test_the_caret_stands_under_its_character_behind_wide_ones_and_in_long_lines() -> None:
    wide = the_error(IOS + "  icons: { assetsFolder: 图标, format: png, nameStyle: camelCase }\n")
    assert wide.excerpt.splitlines()[1] == " " * 39 + "^"  # each of the two wide characters takes two columns
    long = the_error(IOS + f"  icons: {{ assetsFolder: {'x' * 200}, format: png, nameStyle: camelCase }}\n")
    line, caret = long.excerpt.splitlines()
    assert line.startswith("…") and line[caret.index("^") :].startswith("png")


def test_a_merged_key_is_told_once_and_where_it_is_written() -> None:
    text = (
        "x-icon: &icon { format: png, nameStyle: camelCase }\n"
        + IOS
        + "  icons:\n    - { <<: *icon, assetsFolder: A }\n    - { <<: *icon, assetsFolder: B }\n"
    )
    assert read(the_error(text)).startswith('1:25 ios.icons[0].format: expected pdf or svg, found "png"')


def test_a_fault_in_a_block_that_nothing_uses_is_a_warning() -> None:
    unused = "common:\n  typography: { nameValidateRegexp: '^a$', nameReplaceRegexp: 'font_$1', zzz: 1 }\n"
    parsed = accepted(ANDROID + "  icons: { output: x }\n" + unused)
    assert sorted(problem.code for problem in parsed.warnings) == ["config.replacement", "config.unknown-key"]
    assert parsed.config.common is not None and parsed.config.common.typography is None
    used = rejected(ANDROID + "  typography: { nameStyle: camelCase }\n" + unused)
    assert sorted(problem.code for problem in used) == ["config.replacement", "config.unknown-key"]


def test_a_fault_in_a_source_of_common_that_only_lists_pass_by_is_a_warning() -> None:
    text = f"common:\n  colors: {{ nameValidateRegexp: '(' }}\nandroid: {{ mainRes: res, colors: [{SOURCE}] }}\n"
    assert "config.regexp" in [problem.code for problem in accepted(text).warnings]


def test_a_file_of_nothing_but_mistakes_is_not_told_in_full() -> None:
    problems = rejected(IOS_COLORS + "".join(f"  key{n}: 1\n" for n in range(5_000)))
    assert len(problems) == 101
    assert problems[-1].message == "and 4,900 more errors"
