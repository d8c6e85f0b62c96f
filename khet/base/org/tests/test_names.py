from khet.base.org.names import proper_names


def test_only_the_name_itself_is_taught():
    assert proper_names(["โรงเรียนบ้านไร่ธารใส", "สพป.ศรีธารา เขต 2", "วัดเกาะกลางธาราม", "เขต"]) == {
        "ไร่ธารใส",
        "ศรีธารา",
        "เกาะกลางธาราม",
    }
