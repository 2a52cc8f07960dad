from django.urls import path

from alerts.delivery import views

urlpatterns = [
    path("push/subscriptions/", views.subscriptions, name="alerts_push_subscriptions"),
    path("mail/<uuid:token>/", views.leave_mail, name="alerts_leave_mail"),
]
