#!/bin/sh
# From an empty data folder to the year's book, map and province file, by commands alone.
#
#   sh from-nothing-to-the-book.sh SCHOOLS DMC OUT [OUTLINES …]
#
# SCHOOLS   the list of schools, as EMIS gives it
# DMC       a folder with one DMC export for every school, named <year>-<round>-….xlsx
# OUT       a folder for what comes out
# OUTLINES  outlines of provinces, districts and sub-districts for the map
#
# YEAR, ROUND (its number), CODE, NAME, SHORT, KHET (the command) may be set; UNITS and STAFF are sheets of the office's own structure and people.
set -eu
schools=$1 dmc=$2 out=$3
shift 3
khet=${KHET:-khet}
year=${YEAR:-2569} number=${ROUND:-2}

"$khet" migrate
"$khet" setup --code "${CODE:-9902}" --name "${NAME:-สำนักงานเขตพื้นที่การศึกษาประถมศึกษาศรีธารา เขต 2}" \
  --short-name "${SHORT:-สพป.ศรีธารา เขต 2}" --first-name ผู้ดูแล --last-name ระบบ
if [ -n "${UNITS:-}" ]; then "$khet" import units "$UNITS" --confirm; fi
"$khet" import schools "$schools" --confirm
if [ -n "${STAFF:-}" ]; then "$khet" import staff "$STAFF" --confirm; fi
for outline in "$@"; do "$khet" import outlines "$outline" --confirm; done
"$khet" import enrolments "$dmc"/* --confirm

"$khet" round plan "$year"
"$khet" round open "$number/$year"
# What passes is confirmed. What may stand with an explanation gets one here; what must be corrected would end the script.
"$khet" round confirm "$number/$year" || {
  "$khet" round explain "$number/$year" --reason "ตรวจกับหลักฐานแล้วถูกต้อง คำชี้แจงที่ลงนามอยู่กับแบบรับรอง"
  "$khet" round confirm "$number/$year"
}
"$khet" round certify "$number/$year" --paper "แบบรับรองข้อมูลรอบ $number/$year ที่ผู้อำนวยการโรงเรียนลงนาม แฟ้มที่กลุ่มนโยบายและแผน"
"$khet" round verify "$number/$year"
"$khet" round close "$number/$year"

"$khet" book "$year" "$out" --kind book --kind leaflet --kind sheets --kind words --kind schools
"$khet" map "$out"
"$khet" export province "$out/province.zip" --round "$number/$year"
