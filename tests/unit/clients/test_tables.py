"""CSV files: columns, line numbers and cells that are refused."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.faculty.tables import CELL_LIMIT, Refusal, read_table, repeated
from shared import errors

COLUMNS = ("name", "number")


@pytest.fixture
def write(tmp_path):
    """Writes a file and gives its path."""

    def write_file(content):
        path = tmp_path / "file.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


def test_a_byte_order_mark_is_no_part_of_the_first_column(write):
    """Spreadsheets begin UTF-8 files with a mark, which is put aside."""
    table = read_table(write("\ufeffname,number\nNia,1\n"), COLUMNS)
    assert table.rows[0].values == {"name": "Nia", "number": "1"}


def test_line_numbers_are_those_of_the_file(write):
    """Quoted line breaks and blank lines are counted; a record's line is where it begins."""
    table = read_table(write('name,number\n"a\nb",1\n\nc,2\r\n"d\r\n\r\ne",3\nf,4\n'), COLUMNS)
    assert [row.line for row in table.rows] == [2, 5, 6, 9]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1),
            st.text(st.sampled_from("0123456789\n"), min_size=1),
        ).filter(lambda cells: any(cell.strip() for cell in cells)),
        min_size=1,
    )
)
def test_every_record_is_either_a_row_or_refused(tmp_path_factory, records):
    """Nothing that a CSV writer writes is lost or broken."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *records])
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    path.write_bytes(text.getvalue().encode())
    table = read_table(path, COLUMNS)
    lines = {row.line for row in table.rows} | {refusal.line for refusal in table.refusals}
    assert len(lines) == len(records)


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("name", {"number"}),
        ("name,number,colour", {"colour"}),
        ("name,Number", {"number", "Number"}),
        ("name,number,name", {"name"}),
        ("name,number,", {""}),
    ],
)
def test_wrong_columns_are_named(write, header, named):
    """Missing, unknown and repeated columns refuse the file and are named."""
    with pytest.raises(errors.Invalid) as caught:
        read_table(write(f"{header}\na,1\n"), COLUMNS)
    assert set(caught.value.fields) == named


def test_an_empty_file_misses_every_column(write):
    """A file without a header has none of the columns."""
    with pytest.raises(errors.Invalid) as caught:
        read_table(write(""), COLUMNS)
    assert set(caught.value.fields) == set(COLUMNS)


def test_other_columns_are_ignored_where_that_is_asked_for(write):
    """A regulator's own extract may have more columns than are read."""
    table = read_table(write("x,number,name\n,1,Nia\n"), COLUMNS, ignore_others=True)
    assert table.rows[0].values == {"name": "Nia", "number": "1"}


def test_cells_of_ignored_columns_are_not_looked_at(write):
    """A dash where a regulator has nothing to say of a column that is not read refuses nobody."""
    content = f"x,number,name\n-,1,Nia\n{'x' * (CELL_LIMIT + 1)},2,Jo\n"
    table = read_table(write(content), COLUMNS, ignore_others=True)
    assert [row.line for row in table.rows] == [2, 3]


def test_lines_of_blank_cells_are_no_records(write):
    """Spreadsheets end files with lines of nothing but separators."""
    table = read_table(write("name,number\n,\na,1\n   \n , \n"), COLUMNS)
    assert ([row.line for row in table.rows], table.refusals) == ([3], ())


def test_a_file_that_is_no_table_is_refused_in_few_words(write):
    """However long and many the names in its first line are, the error stays readable."""
    with pytest.raises(errors.Invalid) as caught:
        read_table(write(",".join(f"{'x' * 1_000}{i}" for i in range(1_000))), COLUMNS)
    assert len(str(caught.value)) < 3_000


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " ="])
@pytest.mark.parametrize("column", COLUMNS)
def test_cells_that_a_spreadsheet_would_run_are_refused_by_field(write, start, column):
    """Formula injection is refused in any column, a registration number included."""
    cells = {"name": "Nia", "number": "1", column: f"{start}1+1"}
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, [cells[name] for name in COLUMNS]])
    table = read_table(write(text.getvalue()), COLUMNS)
    assert table.rows == ()
    assert [(refusal.line, refusal.field) for refusal in table.refusals] == [(2, column)]


def test_a_huge_cell_is_refused_by_field(write):
    """A cell of 10 MB refuses its row and not the file."""
    table = read_table(write(f"name,number\n{'x' * 10_000_000},1\nNia,2\n"), COLUMNS)
    assert [(refusal.line, refusal.field) for refusal in table.refusals] == [(2, "name")]
    assert [row.line for row in table.rows] == [3]


def test_a_cell_of_just_the_limit_is_accepted(write):
    """The limit itself is allowed."""
    assert read_table(write(f"name,number\n{'x' * CELL_LIMIT},1\n"), COLUMNS).refusals == ()


def test_a_row_with_too_few_or_too_many_cells_is_refused(write):
    """A shifted row is refused as a whole rather than read askew."""
    table = read_table(write("name,number\na\nb,1,2\nc,3\n"), COLUMNS)
    assert [(refusal.line, refusal.field) for refusal in table.refusals] == [(2, ""), (3, "")]
    assert len(table.rows) == 1


def test_text_in_another_encoding_names_the_line(write):
    """A file that is not UTF-8 says where it stops being so."""
    with pytest.raises(errors.Invalid, match="line 3"):
        read_table(write(b"name,number\na,1\nSi\xe2n,2\n"), COLUMNS)


def test_a_broken_quote_names_the_line(write):
    """A quote that is never closed refuses the file."""
    with pytest.raises(errors.Invalid, match="line 3"):
        read_table(write('name,number\na,1\n"b,2\n'), COLUMNS)


def test_repetition_names_the_first_line(write):
    """The second row with the same key is the one that is refused."""
    rows = read_table(write("name,number\na,1\nb,2\nc,1\n"), COLUMNS).rows
    found = list(repeated(rows, "number", lambda row: row.values["number"]))
    assert found == [Refusal(4, "number", "The same as on line 2.")]
