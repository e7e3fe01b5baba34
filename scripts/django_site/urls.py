"""Who is signed in, sign in, sign out: Django's own functions behind three addresses."""
from django.contrib.auth import authenticate, login, logout
from django.http import JsonResponse
from django.urls import path


def whoami(request):
    return JsonResponse({"username": request.user.get_username(), "is_superuser": getattr(request.user, "is_superuser", False)})


def sign_in(request):
    user = authenticate(request, username=request.POST["username"], password=request.POST["password"])
    if user is None:
        return JsonResponse({"detail": "no"}, status=403)
    login(request, user)
    return whoami(request)


def sign_out(request):
    logout(request)
    return JsonResponse({}, status=200)


urlpatterns = [path("whoami/", whoami), path("login/", sign_in), path("logout/", sign_out)]
