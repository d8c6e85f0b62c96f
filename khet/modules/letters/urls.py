"""Addresses of correspondence, under /letters/."""

from django.urls import path

from khet.modules.letters.views import board, home, letter, receiving, registers, setup, writing

app_name = "letters"
urlpatterns = [
    path("", home.home, name="home"),
    path("inbox/", receiving.inbox_page, name="inbox"),
    path("inbox/register/", receiving.register_many, name="register_many"),
    path("receive/", receiving.receive_form, name="receive"),
    path("receive/duplicate/", receiving.duplicate, name="duplicate"),
    path("drafts/", home.draft_list, name="drafts"),
    path("sent/", home.sent_list, name="sent"),
    path("write/", writing.write, name="write"),
    path("ready/", writing.ready, name="ready"),
    path("registers/", registers.register_list, name="registers"),
    path("registers/sheet.csv", registers.register_csv, name="register_csv"),
    path("registers/paper.pdf", registers.register_paper, name="register_paper"),
    path("registers/<int:pk>/", registers.entry_page, name="entry"),
    path("registers/<int:pk>/cancel/", registers.cancel, name="cancel"),
    path("registers/<int:pk>/note/", registers.note, name="note"),
    path("statistics/", setup.statistics_page, name="statistics"),
    path("setup/", setup.setup, name="setup"),
    path("signature/", setup.signature, name="signature"),
    path("groups/", setup.groups, name="groups"),
    path("<int:pk>/", letter.letter_page, name="letter"),
    path("<int:pk>/unlock/", letter.unlock, name="unlock"),
    path("<int:pk>/register/", letter.register_one, name="register_one"),
    path("<int:pk>/return/", letter.return_one, name="return"),
    path("<int:pk>/route/", letter.route, name="route"),
    path("<int:pk>/close/", letter.close_one, name="close"),
    path("<int:pk>/answer/", writing.answer, name="answer"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/keep/", writing.keep, name="keep"),
    path("<int:pk>/preview/", writing.preview, name="preview"),
    path("<int:pk>/submit/", writing.submit_one, name="submit"),
    path("<int:pk>/sign/", writing.sign_own, name="sign"),
    path("<int:pk>/discard/", writing.discard_one, name="discard"),
    path("<int:pk>/files/<str:public_id>/remove/", writing.remove_file, name="remove_file"),
    path("<int:pk>/dispatch/", board.dispatch_one, name="dispatch"),
    path("<int:pk>/board/", board.board_page, name="board"),
    path("<int:pk>/board.csv", board.board_csv, name="board_csv"),
    path("<int:pk>/remind/", board.remind_all, name="remind"),
    path("<int:pk>/excuse/", board.excuse_one, name="excuse"),
    path("<int:pk>/recall/", board.recall_all, name="recall"),
    path("<int:pk>/correct/", board.correct_one, name="correct"),
]
