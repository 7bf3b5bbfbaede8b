"""Addresses of people's own affairs at the desk: the second step of signing in, recovery codes, sessions."""

from django.contrib import admin
from django.urls import path

from readers import account, two_factor

inside = admin.site.admin_view
urlpatterns = [
    path("second-step/", two_factor.second_step, name="second-step"),
    path("account/", inside(account.account), name="account"),
    path("account/codes/", inside(account.new_codes), name="account-codes"),
    path("account/end/", inside(account.end), name="account-end"),
]
