//! Elements that need more than a name in the vocabulary.

use crate::class::Class;

/// What is done with an element beyond carrying it over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Nothing.
    Plain,
    /// The element goes, its content stays.
    Unwrap,
    /// It means nothing without content: it goes if nothing is left in it.
    UnlessEmpty,
    /// It is written under another name, without its attributes.
    As(&'static str),
    /// It goes, and so does the nearest element of this name around it, if there is one: that one would be broken without it.
    WithParent(Class, &'static str),
    /// Its content takes the place of the nearest element of this name around it.
    InPlaceOf(Class, &'static str),
    /// A branch of alternatives.
    Choice,
    /// What is shown where no branch is understood.
    Fallback,
    /// A formula: it goes if it may fetch or start something; so does the nearest element of this name around it, where one is given.
    Formula(Option<&'static str>),
    /// A defined name of a workbook: some run macros.
    DefinedName,
    /// A sheet of a workbook, a slide: one that is hidden is told.
    Sheet,
    /// A field in one element.
    SimpleField,
    /// A mark of a field: its begin, its middle, its end.
    FieldMark,
    /// Text inside a run: within an instruction that is dropped it goes.
    RunContent,
    /// A link around text. Without its target the text stays.
    LinkAround,
    /// A comment.
    Comment,
    /// A change that is neither accepted nor rejected.
    Change,
    /// A relationship that may go without its element.
    Loose,
}

/// The rule of an element by its written name.
pub(super) fn rule(name: &str) -> Rule {
    match name {
        "w:smartTag" | "w:customXml" => Rule::Unwrap,
        "mc:Choice" => Rule::Choice,
        "mc:Fallback" => Rule::Fallback,
        "mc:AlternateContent"
        | "a:extLst"
        | "c:extLst"
        | "p:extLst"
        | "x:extLst"
        | "a:ext"
        | "c:ext"
        | "p:ext"
        | "x:ext"
        | "cx:extLst"
        | "dgm:extLst"
        | "x:hyperlinks"
        | "x:tableParts"
        | "x:definedNames"
        | "x:conditionalFormatting"
        | "x:dataValidations"
        | "x:pivotCaches"
        | "x14:conditionalFormattings"
        | "x14:conditionalFormatting"
        | "x14:dataValidations"
        | "p:custShowLst"
        | "w:pict"
        | "x14:sparklineGroups"
        | "x14:sparklineGroup"
        | "x14:sparklines" => Rule::UnlessEmpty,
        "w:object" => Rule::As("w:pict"),
        "p:oleObj" => Rule::InPlaceOf(Class::EmbeddedObject, "p:graphicFrame"),
        "p:cMediaNode" => Rule::WithParent(Class::Media, "p:timing"),
        "x:f" => Rule::Formula(None),
        "x:formula" => Rule::Formula(Some("x:cfRule")),
        "x:formula1" | "x:formula2" => Rule::Formula(Some("x:dataValidation")),
        "x:calculatedColumnFormula" | "x:totalsRowFormula" | "x:oldFormula" => Rule::Formula(None),
        "xm:f" => Rule::Formula(Some("x14:dataValidation")),
        "x:definedName" => Rule::DefinedName,
        "x:sheet" => Rule::Sheet,
        "p:sld" => Rule::Sheet,
        "w:fldSimple" => Rule::SimpleField,
        "w:fldChar" => Rule::FieldMark,
        "w:t" | "w:instrText" | "w:delInstrText" | "w:delText" | "w:sym" | "w:tab" | "w:br" | "w:noBreakHyphen" => {
            Rule::RunContent
        }
        "w:hyperlink" => Rule::LinkAround,
        "w:comment" | "x:comment" | "p:cm" | "xltc:threadedComment" => Rule::Comment,
        "w:ins" | "w:del" | "w:moveFrom" | "w:moveTo" => Rule::Change,
        "x:pageSetup"
        | "w:settings"
        | "w:documentProtection"
        | "c:pageSetup"
        | "x:cacheField"
        | "x:worksheetSource"
        | "x:pivotCacheDefinition"
        | "w:numPicBullet" => Rule::Loose,
        _ => Rule::Plain,
    }
}

/// What an element is that the vocabulary does not name, by its local name.
pub(super) fn forbidden(local: &str) -> Class {
    match local {
        "control" | "controls" | "controlPr" | "contentPart" => Class::Control,
        "OLEObject" | "oleObject" | "oleObjects" | "embed" | "objectEmbed" | "objectLink" | "oleObjLink" => {
            Class::EmbeddedObject
        }
        "altChunk" | "subDoc" => Class::ForeignContent,
        "attachedTemplate" | "mailMerge" | "externalReferences" | "externalReference" | "externalData" | "link"
        | "linkedToFile" => Class::ExternalTarget,
        "entryMacro" | "exitMacro" | "functionGroups" => Class::Macro,
        "snd" | "sndAc" | "audio" | "video" | "audioFile" | "videoFile" | "wavAudioFile" | "quickTimeFile"
        | "audioCd" | "media" | "externalMedia" => Class::Media,
        "cmd" => Class::ActiveAction,
        "embeddedFontLst" | "embedRegular" | "embedBold" | "embedItalic" | "embedBoldItalic" => Class::EmbeddedFont,
        "webPublishing" | "webPublishItems" | "webPublishObjects" | "htmlPubPr" | "connections" | "connection"
        | "queryTable" => Class::DataConnection,
        "printerSettings" => Class::PrinterSettings,
        "docVars" | "docVar" | "dataBinding" | "attachedSchema" | "smartTagType" | "custDataLst" | "custData"
        | "customProperties" | "fldData" | "customXmlPr" | "smartTagPr" | "smartTags" => Class::CustomData,
        "signatureline" => Class::Signature,
        _ => Class::UnknownElement,
    }
}

/// What an attribute is that the vocabulary does not name, by its local name.
pub(super) fn forbidden_attribute(local: &str) -> Class {
    match local {
        "macro" | "vbProcedure" | "function" | "xlm" => Class::Macro,
        "href" | "src" | "althref" => Class::Hyperlink,
        "gfxdata" => Class::EmbeddedObject,
        "storeItemID" | "xpath" | "prefixMappings" => Class::CustomData,
        "onLoad" | "onAction" | "onclick" | "onmouseover" => Class::Script,
        _ => Class::UnknownAttribute,
    }
}
