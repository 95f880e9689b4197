"""The report as a Word file: headings, lists and tables that can be edited, charts with alternative texts."""

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sim.ground.text import Language
from sim.report.as_typst import leads_in, width_on_page
from sim.report.document import Block, Bullets, Callout, Command, Document, Heading, Paragraph, Picture, Table
from sim.report.fonts import TAG

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.text.paragraph import Paragraph as WordParagraph

FACES: dict[Language, tuple[str, str]] = {
    "en": ("Calibri", "Microsoft YaHei"),
    "zh-Hant": ("Calibri", "Microsoft JhengHei"),
    "zh-Hans": ("Calibri", "Microsoft YaHei"),
}
"""Latin and Chinese faces that Word has on every desk; a Word file brings none of its own."""
SPELLING: dict[Language, str] = {"en": "zh-CN", "zh-Hant": "zh-HK", "zh-Hans": "zh-CN"}
A4_CM, MARGIN_CM = (21.0, 29.7), 1.8
ACCENT, SOFT, PALE, WARM, RULE = "1F4E79", "555555", "F3F6F9", "FDF5E6", "C8C8C8"
_SMALL_PT, _NOTE_PT = 8.5, 8.5
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP file can tell


def docx(document: Document) -> bytes:
    """The Word file; the same document gives the same bytes."""
    import docx as word

    page = word.Document()
    _set_up(page, document)
    page.add_heading(document.title, level=0)
    _small(page.add_paragraph(), f"{document.subtitle}\n{document.date.isoformat()}")
    _contents(page, document)
    for block, following in zip(document.blocks, [*document.blocks[1:], None], strict=True):
        _add(page, block, following)
    file = BytesIO()
    page.save(file)
    return _without_dates(file.getvalue())


def _set_up(page: "Word", document: Document) -> None:
    """Paper, faces, languages and properties."""
    from docx.shared import Pt, RGBColor

    properties = page.core_properties
    ran = datetime.combine(document.date, datetime.min.time())
    properties.title, properties.language = document.title, TAG[document.language]
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = ran
    _paper(page.sections[0])
    _number_pages(page.sections[0], document.title)
    latin, chinese = FACES[document.language]
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet", "Caption"):
        style: Any = page.styles[name]
        style.font.name = latin
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(_named(f"w:{theme}"), None)
        fonts.set(_named("w:eastAsia"), chinese)
        if name in ("Title", "Heading 1", "Heading 2"):
            style.font.color.rgb = RGBColor.from_string(ACCENT)
    page.styles["Normal"].font.size = Pt(10.5)
    caption: Any = page.styles["Caption"]
    caption.font.size, caption.font.color.rgb = Pt(9), RGBColor.from_string(SOFT)
    _set(page.styles["Normal"].element.get_or_add_rPr(), "w:lang", val="en-GB", eastAsia=SPELLING[document.language])


def _paper(section: Any) -> None:
    from docx.shared import Cm

    section.page_width, section.page_height = Cm(A4_CM[0]), Cm(A4_CM[1])
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN_CM)


def _number_pages(section: Any, title: str) -> None:
    """A footer with the title and the page's number."""
    paragraph = section.footer.paragraphs[0]
    _small(paragraph, f"{title}\t\t")
    _field(paragraph, "PAGE", "1")


def _contents(page: "Word", document: Document) -> None:
    """The headings of the sections; Word puts their pages behind them when the field is updated (F9)."""
    sections = [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    if document.contents and len(sections) > 1:
        page.add_paragraph().add_run(document.contents).bold = True
        _field(page.add_paragraph(), 'TOC \\o "1-1" \\h', "\n".join(sections))


def _field(paragraph: "WordParagraph", instruction: str, shown: str) -> None:
    """A field of Word, with what it shows before it is updated."""
    from docx.oxml import OxmlElement

    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            code: Any = OxmlElement("w:instrText")
            code.text = instruction
            paragraph.add_run()._r.append(code)
        mark = OxmlElement("w:fldChar")
        mark.set(_named("w:fldCharType"), kind)
        paragraph.add_run()._r.append(mark)
        if kind == "separate":
            _small(paragraph, shown)


def _add(page: "Word", block: Block, following: Block | None) -> None:
    """Add a block; a lead-in stays with its table."""
    match block:
        case Heading(text, level, starts_page):
            page.add_heading(text, level=level).paragraph_format.page_break_before = starts_page
        case Paragraph(text, "note"):
            _small(page.add_paragraph(), text)
        case Paragraph(text, tone):
            page.add_paragraph().add_run(text).bold = tone == "lead"
        case Bullets(items):
            for item in items:
                page.add_paragraph(item, style="List Bullet")
        case Callout():
            _callout(page, block)
        case Command(text):
            page.add_paragraph().add_run(text).font.name = "Consolas"
        case Table():
            _table(page, block)
        case Picture():
            _picture(page, block)
    if leads_in(block, following):
        page.paragraphs[-1].paragraph_format.keep_with_next = True


def _small(paragraph: "WordParagraph", text: str) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(_NOTE_PT), RGBColor.from_string(SOFT)


def _callout(page: "Word", block: Callout) -> None:
    """A box: a table of one cell."""
    (cell,) = page.add_table(rows=1, cols=1, style="Table Grid").rows[0].cells
    _fill(cell, WARM)
    cell.paragraphs[0].add_run(block.title).bold = True
    for item in block.items:
        cell.add_paragraph(item, style="List Bullet")
    page.add_paragraph()


def _table(page: "Word", block: Table) -> None:
    """A table with a heading row that repeats, and rows that stay whole."""
    from docx.shared import Cm

    if block.caption:
        page.add_paragraph(block.caption, style="Caption").paragraph_format.keep_with_next = True
    table: Any = page.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    table.autofit = False
    _lighten(table)
    room = A4_CM[0] - 2 * MARGIN_CM
    whole = sum(column.share for column in block.columns)
    for table_column, column in zip(table.columns, block.columns, strict=True):
        table_column.width = Cm(room * column.share / whole)
    _mark(table.rows[0], "w:tblHeader")
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        _write(cell, column.heading, column.side, bold=True)
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    for row in block.rows:
        cells = table.add_row().cells
        if row.is_heading:
            _fill(cells[0].merge(cells[-1]), PALE)
            _write(cells[0], row.cells[0], "left", bold=True, depth=row.depth)
            cells[0].paragraphs[0].paragraph_format.keep_with_next = True
            continue
        for number, (cell, text, column) in enumerate(zip(cells, row.cells, block.columns, strict=True)):
            _write(cell, text, column.side, depth=0 if number else row.depth)
    for row in table.rows:
        _mark(row, "w:cantSplit")
        for cell, column in zip(row.cells, block.columns, strict=True):
            cell.width = Cm(room * column.share / whole) if len(set(row.cells)) > 1 else Cm(room)
    page.add_paragraph()


def _lighten(table: Any) -> None:
    """Thin grey lines between rows, none between columns."""
    borders = dict.fromkeys(("top", "bottom", "insideH"), "single") | dict.fromkeys(("left", "right", "insideV"), "nil")
    from docx.oxml import OxmlElement

    element = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _set(element, f"w:{side}", val=borders[side], sz="4", space="0", color=RULE)
    table._tbl.tblPr.append(element)


def _write(cell: Any, text: str, side: str, bold: bool = False, depth: int = 0) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if side == "right" else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.left_indent = Cm(0.3 * depth)
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(_SMALL_PT), bold


def _picture(page: "Word", block: Picture) -> None:
    from docx.shared import Cm

    width_cm = width_on_page(block)
    paragraph = page.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    shape: Any = paragraph.add_run().add_picture(BytesIO(block.png), width=Cm(width_cm))
    shape._inline.docPr.set("descr", block.alternative)
    shape._inline.docPr.set("name", block.key)
    page.add_paragraph(block.caption, style="Caption")


def _fill(cell: Any, colour: str) -> None:
    _set(cell._tc.get_or_add_tcPr(), "w:shd", val="clear", color="auto", fill=colour)


def _mark(row: Any, name: str) -> None:
    _set(row._tr.get_or_add_trPr(), name)


def _set(parent: Any, name: str, **attributes: str) -> None:
    """Put an element of WordprocessingML with these attributes into another, in place of the one that is there."""
    from docx.oxml import OxmlElement

    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(_named(f"w:{key}"), value)
    for old in parent.findall(_named(name)):
        parent.remove(old)
    parent.append(element)


def _named(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(name))


def _without_dates(content: bytes) -> bytes:
    """The ZIP file with one time for every member, in the order of their names behind the list of contents."""
    file = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            member = ZipInfo(name, EPOCH)
            member.compress_type = ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return file.getvalue()
