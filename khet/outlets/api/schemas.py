"""The shapes of answers, as the documentation shows them."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema


class Fault(Schema):
    """Why something was not done."""

    code: str = Field(description="รหัสคงที่ ใช้ตัดสินใจในโปรแกรม")
    sentence: str = Field(description="ประโยคสำหรับคนอ่าน")


class Page(Schema):
    total: int
    page: int
    size: int
    next: str | None = Field(description="ที่อยู่ของหน้าถัดไป ไม่มีคือหน้าสุดท้าย")


class Waiting(Schema):
    id: int = Field(description="เลขของรายการ ใช้ลงรับ")
    number: str = Field(description="ที่ของหนังสือ")
    title: str = Field(description="เรื่อง หนังสือลับไม่บอกเรื่อง")
    sender: str
    sent_at: datetime
    answer_by: date | None


class WaitingPage(Page):
    rows: list[Waiting]


class Registered(Schema):
    id: int
    number: int = Field(description="เลขทะเบียนรับ")
    year: int = Field(description="ปีของทะเบียน (พ.ศ.)")
    registered_at: datetime


class PupilRow(Schema):
    id: int
    name: str
    sex: str = Field(description="m ชาย, f หญิง")
    grade: str = Field(description="k1–k3 อนุบาล, p1–p6 ประถม, m1–m6 มัธยม")
    room: int
    state: str
    citizen_id: str = Field(description="ปิดบัง เว้นแต่โทเคนมีขอบเขต pupils.ids")


class PupilPage(Page):
    rows: list[PupilRow]


class FigureList(Schema):
    code: str
    title: str
    chapter: str
    unit: str
    dims: list[str]


class Cell(Schema):
    census: str = Field(description="ชุดข้อมูล: เขต/ปี-รอบ")
    dims: dict[str, str]
    n: float | None
    of: float | None
    value: float | None


class FigureAnswer(Schema):
    code: str
    title: str
    definition: str
    unit: str
    place: str
    rows: list[Cell]
